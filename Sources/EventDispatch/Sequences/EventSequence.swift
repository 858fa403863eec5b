/// The events of a type as they are fired, as ``EventDispatcher/events(of:where:during:buffering:fileID:line:)`` returns them.
///
/// ```swift
/// for await event in try dispatcher.events(of: UserCreated.self, where: \.role == .admin) {
///     print(event.name)
/// }
/// ```
///
/// It is subscribed when it is made: what is fired afterwards is not missed. A fire does not wait for whoever takes the events;
/// they are kept for it as the buffering says. It is for one loop: each event goes to one iterator.
///
/// The sequence ends, and with it its subscription, when nobody holds the sequence or an iterator any more, at ``cancel()``, when
/// the dispatcher has stopped, and when it goes; in all cases but the first, what was kept comes first. Cancelling a task that takes
/// events ends its loop, and nobody else's.
public struct EventSequence<Event: MatchableEvent>: AsyncSequence, Sendable {
    /// It does not fail.
    public typealias Failure = Never

    private let storage: SequenceStorage<Event>

    init(_ storage: SequenceStorage<Event>) { self.storage = storage }

    /// How many events gave way because the buffer was full.
    public var dropped: Int { storage.buffer.dropped }

    /// Unsubscribes. What was kept can still be taken.
    public func cancel() { storage.cancel() }

    /// An iterator. Several share the events.
    public func makeAsyncIterator() -> Iterator { Iterator(storage: storage) }

    /// Takes events one after the other.
    public struct Iterator: AsyncIteratorProtocol, Sendable {
        private let storage: SequenceStorage<Event>

        fileprivate init(storage: SequenceStorage<Event>) { self.storage = storage }

        /// The next event, as soon as there is one; nil at the end, and when the calling task is cancelled: that ends nothing for
        /// others, so a call can be raced against a time.
        public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async -> Event? {
            await storage.next(isolation: actor)
        }

        /// The next event, as soon as there is one; nil at the end, and when the calling task is cancelled.
        public mutating func next() async -> Event? { await storage.next(isolation: nil) }
    }
}

/// The subscription of a sequence, and what it keeps. Ends with the last who holds the sequence.
final class SequenceStorage<Event: MatchableEvent>: EventConsumer {
    let buffer: EventBuffer<Event>
    private let subscription: EventSubscription
    private let consumers: EventConsumers

    init(_ buffer: EventBuffer<Event>, _ subscription: EventSubscription, among consumers: EventConsumers) {
        self.buffer = buffer
        self.subscription = subscription
        self.consumers = consumers
        consumers.add(self)
    }

    deinit {
        consumers.remove(self)
        subscription.cancel()
    }

    /// Unsubscribes. What was kept can still be taken; the end does not wait for fires that are under way.
    func cancel() {
        subscription.cancel()
        buffer.finish()
    }

    func next(isolation: isolated (any Actor)?) async -> Event? {
        let waiter = buffer.nextWaiter()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { buffer.take(for: waiter, $0) }
        } onCancel: {
            buffer.cancel(waiter)
        }
    }
}

/// Held by the handler of a sequence: when it goes, nothing more can come.
final class EventFeed<Event: MatchableEvent>: Sendable {
    private let buffer: EventBuffer<Event>

    init(_ buffer: EventBuffer<Event>) { self.buffer = buffer }

    deinit { buffer.finish() }

    func put(_ event: Event) -> Bool { buffer.put(event) }
}

/// How many events an ``EventSequence`` keeps that nobody has taken yet, and which give way when there are more.
///
/// What gives way is counted: ``EventSequence/dropped``.
public enum EventBuffering: Hashable, Sendable {
    /// At most so many; the oldest give way. A capacity below 1 counts as 1.
    case newest(Int)
    /// At most so many; those that come when there is no room give way. A capacity below 1 counts as 1.
    case oldest(Int)
    /// All: the sequence takes as much memory as it falls behind.
    case unbounded
}

/// The events that a sequence keeps, and those who wait for one. Continuations are resumed, and events let go of, outside the
/// lock.
final class EventBuffer<Event: Sendable>: Sendable {
    typealias Continuation = CheckedContinuation<Event?, Never>

    private struct State: Sendable {
        var events = FIFOQueue<Event>()
        var waiters = CancellableWaits<Continuation>()
        var isFinished = false
        var dropped = 0
    }

    private let buffering: EventBuffering
    private let state = Locked(State())

    init(_ buffering: EventBuffering) { self.buffering = buffering }

    var dropped: Int { state.withLock { $0.dropped } }

    /// Gives an event to the one who waits longest, or keeps it; false when nothing can come any more.
    func put(_ event: Event) -> Bool {
        let (isTaken, waiter, dropped): (Bool, Continuation?, Event?) = state.withLock { state in
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
        waiter?.resume(returning: event)
        withExtendedLifetime(dropped) {}
        return isTaken
    }

    /// Names one who is going to wait, so that it can be cancelled before it does.
    func nextWaiter() -> Int { state.withLock { $0.waiters.begin() } }

    /// Gives the oldest event to a continuation, as soon as there is one; nil when it is cancelled, or nothing more can come.
    func take(for waiter: Int, _ continuation: Continuation) {
        let answer: Event?? = state.withLock { state in
            guard !state.waiters.isCancelled(waiter), state.events.count > 0 || state.isFinished else {
                return state.waiters.add(continuation, to: waiter) ? nil : .some(nil)
            }
            state.waiters.end(waiter)
            return .some(state.events.popFirst())
        }
        if let answer { continuation.resume(returning: answer) }
    }

    func cancel(_ waiter: Int) {
        state.withLock { $0.waiters.cancel(waiter) }?.resume(returning: nil)
    }

    /// Lets what is kept be the last.
    func finish() {
        let waiters = state.withLock { state in
            state.isFinished = true
            return state.waiters.removeAll()
        }
        for waiter in waiters { waiter.resume(returning: nil) }
    }
}
