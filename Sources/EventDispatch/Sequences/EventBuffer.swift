/// The events that a sequence keeps, and those who wait for one. Continuations are resumed, and events let go of, outside the
/// lock.
final class EventBuffer<Event: Sendable>: Sendable {
    typealias Continuation = CheckedContinuation<Event?, Never>

    private struct Waiter: Sendable {
        let id: Int
        let continuation: Continuation
    }

    private struct State: Sendable {
        var events = FIFOQueue<Event>()
        var waiters = FIFOQueue<Waiter>()
        var cancellable = CancellableWaits()
        var isFinished = false
        var dropped = 0
    }

    private let buffering: EventBuffering
    private let state = Locked(State())

    init(_ buffering: EventBuffering) { self.buffering = buffering }

    var dropped: Int { state.withLock { $0.dropped } }

    /// Gives an event to the one who waits longest, or keeps it; false when nothing can come any more.
    func put(_ event: Event) -> Bool {
        let (isTaken, waiter, dropped): (Bool, Waiter?, Event?) = state.withLock { state in
            if state.isFinished { return (false, nil, nil) }
            if let waiter = state.waiters.popFirst() { return (true, waiter, nil) }
            var dropped: Event?
            switch buffering {
            case .unbounded: break
            case .newest(let capacity):
                if state.events.count >= max(1, capacity) { dropped = state.events.popFirst() }
            case .oldest(let capacity):
                if state.events.count >= max(1, capacity) {
                    state.dropped += 1
                    return (true, nil, event)
                }
            }
            if dropped != nil { state.dropped += 1 }
            state.events.append(event)
            return (true, nil, dropped)
        }
        waiter?.continuation.resume(returning: event)
        withExtendedLifetime(dropped) {}
        return isTaken
    }

    /// Names one who is going to wait, so that it can be cancelled before it does.
    func nextWaiter() -> Int { state.withLock { $0.cancellable.begin() } }

    /// Gives the oldest event to a continuation, as soon as there is one; nil when it is cancelled, or nothing more can come.
    func take(for waiter: Int, _ continuation: Continuation) {
        let answer: Event?? = state.withLock { state in
            defer { state.cancellable.end(waiter) }
            if state.cancellable.isCancelled(waiter) { return .some(nil) }
            if let event = state.events.popFirst() { return event }
            if state.isFinished { return .some(nil) }
            state.waiters.append(Waiter(id: waiter, continuation: continuation))
            return nil
        }
        if let answer { continuation.resume(returning: answer) }
    }

    func cancel(_ waiter: Int) {
        let cancelled = state.withLock { state in
            let cancelled = state.waiters.removeFirst { $0.id == waiter }
            if cancelled == nil { state.cancellable.cancel(waiter) }
            return cancelled
        }
        cancelled?.continuation.resume(returning: nil)
    }

    /// Lets what is kept be the last.
    func finish() {
        let waiters = state.withLock { state in
            state.isFinished = true
            return state.waiters.removeAll()
        }
        for waiter in waiters { waiter.continuation.resume(returning: nil) }
    }
}
