/// Events as they are fired, as ``EventDispatcher/events(of:where:during:buffering:fileID:line:)`` returns them.
///
/// ```swift
/// for await event in try dispatcher.events(of: UserCreated.self, where: \.role == .admin) {
///     print(event.name)
/// }
/// ```
///
/// It is subscribed when it is made: what is fired afterwards is not missed. A fire does not wait for whoever takes the events;
/// they are kept as the buffering says.
///
/// Each loop gets every event, in the same order as the others: an iterator has a buffer of its own. The first takes over what came
/// since the sequence was made, a later one begins with the next event. When the only iterator goes, what it has not taken stays with
/// the sequence, for the next. Copies of an iterator share its buffer.
///
/// The sequence ends, and with it its subscription, when nobody holds the sequence or an iterator any more, at ``cancel()``, when
/// the dispatcher has stopped, and when it goes; in all cases but the first, what was kept comes first. Cancelling a task that takes
/// events ends its loop, and nobody else's.
public struct EventSequence<Event: Sendable>: AsyncSequence, Sendable {
    /// It does not fail.
    public typealias Failure = Never

    private let storage: SequenceStorage<Event>

    init(_ storage: SequenceStorage<Event>) { self.storage = storage }

    /// How many events gave way because a buffer was full: the sum over all iterators, those included that are gone.
    public var dropped: Int { storage.buffers.dropped }

    /// Unsubscribes. What was kept can still be taken.
    public func cancel() { storage.consumer.cancel() }

    /// An iterator with a buffer of its own.
    public func makeAsyncIterator() -> Iterator { Iterator(place: IteratorPlace(in: storage)) }

    /// Takes events one after the other.
    public struct Iterator: AsyncIteratorProtocol, Sendable {
        fileprivate let place: IteratorPlace<Event>

        /// The next event, as soon as there is one; nil at the end, and when the calling task is cancelled: that ends nothing for
        /// others, so a call can be raced against a time.
        public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async -> Event? {
            await place.next(isolation: actor)
        }

        /// The next event, as soon as there is one; nil at the end, and when the calling task is cancelled.
        public mutating func next() async -> Event? { await place.next(isolation: nil) }
    }
}

/// The subscription of a sequence, and what it keeps. Ends with the last who holds the sequence or an iterator.
final class SequenceStorage<Event: Sendable>: Sendable {
    let buffers: EventBuffers<Event>
    let consumer: ConsumerSubscription

    init(_ buffers: EventBuffers<Event>, _ consumer: ConsumerSubscription) {
        self.buffers = buffers
        self.consumer = consumer
    }
}

/// The place of an iterator among those of its sequence.
private final class IteratorPlace<Event: Sendable>: Sendable {
    private let storage: SequenceStorage<Event>
    private let id: Int

    init(in storage: SequenceStorage<Event>) {
        self.storage = storage
        id = storage.buffers.enter()
    }

    deinit { storage.buffers.leave(id) }

    func next(isolation: isolated (any Actor)?) async -> Event? {
        let waiter = storage.buffers.nextWaiter(at: id)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { storage.buffers.take(at: id, for: waiter, $0) }
        } onCancel: {
            storage.buffers.cancel(waiter, at: id)
        }
    }
}

/// How many events an ``EventSequence`` keeps for an iterator that has not taken them yet, and which give way when there are more.
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
