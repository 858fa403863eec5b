/// The queue of posted events: plain state. Changes return what is to be done outside the lock.
struct PostQueueState: Sendable {
    typealias Continuation = CheckedContinuation<DispatchError?, Never>

    /// A task that waits for room.
    struct Producer: Sendable {
        let id: Int
        let event: any MatchableEvent
        let location: CallSite
        let continuation: Continuation
    }

    /// What becomes of an event that is offered.
    enum Offer {
        /// It is in the queue.
        case accepted(startsPump: Bool)
        /// It is in the queue, and the oldest event gave way.
        case acceptedInsteadOf(any MatchableEvent)
        /// There is no room.
        case full
    }

    private let policy: PostPolicy
    private var events = FIFOQueue<any MatchableEvent>()
    private var producers = FIFOQueue<Producer>()
    private var isPumping = false
    private var lastProducer = 0
    private var cancelled: Set<Int> = []

    init(policy: PostPolicy) { self.policy = policy }

    mutating func offer(_ event: any MatchableEvent) -> Offer {
        if events.count < policy.capacity {
            events.append(event)
            defer { isPumping = true }
            return .accepted(startsPump: !isPumping)
        }
        guard case .dropOldest = policy, let oldest = events.popFirst() else { return .full }
        events.append(event)
        return .acceptedInsteadOf(oldest)
    }

    /// The next event to fire, and the producer whose event takes its place. Without one the pump ends.
    mutating func next() -> (event: any MatchableEvent, admitted: Producer?)? {
        guard let event = events.popFirst() else {
            isPumping = false
            return nil
        }
        let producer = producers.popFirst()
        if let producer { events.append(producer.event) }
        return (event, producer)
    }

    /// Names a producer, so that it can be cancelled before it waits.
    mutating func nextProducer() -> Int {
        lastProducer += 1
        return lastProducer
    }

    /// Lets a producer wait for room; false when there is none to wait for, because it was cancelled.
    mutating func suspend(_ producer: Producer) -> Bool {
        guard cancelled.remove(producer.id) == nil else { return false }
        producers.append(producer)
        return true
    }

    /// Takes a producer out that no longer waits; nil when it does not wait yet, or any more.
    mutating func cancel(_ id: Int) -> Producer? {
        if let producer = producers.removeFirst(where: { $0.id == id }) { return producer }
        cancelled.insert(id)
        return nil
    }

    /// Forgets that a producer was cancelled, when its post is over.
    mutating func forget(_ id: Int) { cancelled.remove(id) }

    mutating func removeProducers() -> [Producer] { producers.removeAll() }

    mutating func removeEvents() -> [any MatchableEvent] { events.removeAll() }
}
