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

    private let source: EventSource<Event>

    init(_ source: EventSource<Event>) { self.source = source }

    /// How many events gave way because the buffer was full.
    public var dropped: Int { source.buffer.dropped }

    /// Unsubscribes. What was kept can still be taken.
    public func cancel() { source.cancel() }

    /// An iterator. Several share the events.
    public func makeAsyncIterator() -> Iterator { Iterator(source: source) }

    /// Takes events one after the other.
    public struct Iterator: AsyncIteratorProtocol, Sendable {
        private let source: EventSource<Event>

        fileprivate init(source: EventSource<Event>) { self.source = source }

        /// The next event, as soon as there is one; nil at the end, and when the calling task is cancelled: that ends nothing for
        /// others, so a call can be raced against a time.
        public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async -> Event? {
            await source.next(isolation: actor)
        }

        /// The next event, as soon as there is one; nil at the end, and when the calling task is cancelled.
        public mutating func next() async -> Event? { await source.next(isolation: nil) }
    }
}

/// The subscription of a sequence, and what it keeps. Ends with the last who holds the sequence.
final class EventSource<Event: MatchableEvent>: EventTaker {
    let buffer: EventBuffer<Event>
    private let subscription: EventSubscription
    private let takers: EventTakers

    init(_ buffer: EventBuffer<Event>, _ subscription: EventSubscription, among takers: EventTakers) {
        self.buffer = buffer
        self.subscription = subscription
        self.takers = takers
        takers.add(self)
    }

    deinit {
        takers.remove(self)
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

/// What the handler of a sequence holds: when it goes, nothing more can come.
final class EventFeed<Event: MatchableEvent>: Sendable {
    private let buffer: EventBuffer<Event>

    init(_ buffer: EventBuffer<Event>) { self.buffer = buffer }

    deinit { buffer.finish() }

    func put(_ event: Event) -> Bool { buffer.put(event) }
}
