/// The events that a sequence keeps for each of its iterators, and those who wait for one.
///
/// An event is put into all buffers under one lock, so that all iterators see the same order. Continuations are resumed, and events let
/// go of, outside it.
final class EventBuffers<Event: Sendable>: Sendable {
    typealias Continuation = CheckedContinuation<Event?, Never>

    private struct State: Sendable {
        /// Those of the iterators.
        var buffers: [Int: EventBuffer<Event>] = [:]
        /// What is kept while there is no iterator.
        var idle = EventBuffer<Event>()
        var iterators = 0
        var isFinished = false
        var dropped = 0
    }

    private let buffering: EventBuffering
    private let state = Locked(State())

    init(_ buffering: EventBuffering) { self.buffering = buffering }

    var dropped: Int { state.withLock { $0.dropped } }

    /// Makes a buffer for an iterator, which takes over what is kept while there is none.
    func enter() -> Int {
        state.withLock { state in
            state.iterators += 1
            swap(&state.buffers[state.iterators, default: EventBuffer()], &state.idle)
            return state.iterators
        }
    }

    /// Ends the buffer of an iterator that is gone. What the only one has not taken is kept for the next.
    func leave(_ id: Int) {
        let left = state.withLock { state in
            let left = state.buffers.removeValue(forKey: id)
            guard state.buffers.isEmpty, let left else { return left }
            state.idle = left
            return nil
        }
        withExtendedLifetime(left) {}
    }

    /// Gives an event to every iterator: to the one who waits longest, or to the buffer. Returns false when nothing can come any more.
    func put(_ event: Event) -> Bool {
        let delivery: EventDelivery<Event>? = state.withLock { state in
            guard !state.isFinished else { return nil }
            var delivery = EventDelivery<Event>()
            if state.buffers.isEmpty { state.idle.put(event, buffering, noting: &delivery) }
            for index in state.buffers.values.indices {
                state.buffers.values[index].put(event, buffering, noting: &delivery)
            }
            state.dropped += delivery.droppedCount
            return delivery
        }
        delivery?.waiters.forEach { $0.resume(returning: event) }
        return delivery != nil
    }

    /// Names one who is going to wait, so that it can be cancelled before it does.
    func nextWaiter(at id: Int) -> Int { state.withLock { $0.buffers[id, default: EventBuffer()].waiters.begin() } }

    /// Gives the oldest event to a continuation, as soon as there is one; nil when it is cancelled, or nothing more can come.
    func take(at id: Int, for waiter: Int, _ continuation: Continuation) {
        let answer = state.withLock { state in
            state.buffers[id, default: EventBuffer()].take(for: waiter, continuation, isFinished: state.isFinished)
        }
        if case .now(let event) = answer { continuation.resume(returning: event) }
    }

    func cancel(_ waiter: Int, at id: Int) {
        state.withLock { $0.buffers[id, default: EventBuffer()].waiters.cancel(waiter) }?.resume(returning: nil)
    }

    /// Lets what is kept be the last.
    func finish() {
        let waiters = state.withLock { state in
            state.isFinished = true
            return state.buffers.values.indices.flatMap { state.buffers.values[$0].waiters.removeAll() }
        }
        for waiter in waiters { waiter.resume(returning: nil) }
    }
}

/// The events that are kept for one iterator, and those who wait for one: plain state.
private struct EventBuffer<Event: Sendable>: Sendable {
    typealias Continuation = CheckedContinuation<Event?, Never>

    var events = FIFOQueue<Event>()
    var waiters = CancellableWaits<Continuation>()

    /// Gives an event to the one who waits longest, or keeps it.
    mutating func put(_ event: Event, _ buffering: EventBuffering, noting delivery: inout EventDelivery<Event>) {
        if let waiter = waiters.popFirst() { return delivery.waiters.append(waiter) }
        switch buffering {
        case .newest(let capacity) where events.count >= max(1, capacity):
            if let oldest = events.popFirst() { delivery.drop(oldest) }
            events.append(event)
        case .oldest(let capacity) where events.count >= max(1, capacity): delivery.drop(event)
        case .newest, .oldest, .unbounded: events.append(event)
        }
    }

    /// What one who asks gets.
    enum Take {
        /// The oldest event; nil when its wait is cancelled, or nothing more can come.
        case now(Event?)
        case later
    }

    mutating func take(for waiter: Int, _ continuation: Continuation, isFinished: Bool) -> Take {
        guard !waiters.isCancelled(waiter), events.count > 0 || isFinished else {
            return waiters.add(continuation, to: waiter) ? .later : .now(nil)
        }
        waiters.end(waiter)
        return .now(events.popFirst())
    }
}

/// What an event gives cause to, outside the lock.
private struct EventDelivery<Event: Sendable>: Sendable {
    /// Those who get the event.
    var waiters = Few<CheckedContinuation<Event?, Never>>.none
    /// The events that gave way; let go of with this.
    private var dropped = Few<Event>.none
    private(set) var droppedCount = 0

    mutating func drop(_ event: Event) {
        dropped.append(event)
        droppedCount += 1
    }
}
