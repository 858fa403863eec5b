import EventDispatch

/// A durable subscription whose events a store hands out, each to one of the processes that have opened it.
///
/// The store counts attempts, waits for the next one, and gives the events of a process that has ended to another. An event that was taken is
/// held for this process until it's acknowledged, given back or buried, or until the process ends.
public protocol SharedDeliveries: Sendable {
    /// Takes events that nobody holds, and waits for the first.
    ///
    /// - Parameter limit: how many at most.
    /// - Returns: the events; none when there were none for a while.
    /// - Throws: ``EventStoreError``.
    func take(_ limit: Int) async throws(EventStoreError) -> [SharedEvent]

    /// Notes that an event is done. It returns at once.
    func acknowledge(_ sequence: Int64)

    /// Lets whichever process try an event again after a pause. It returns at once.
    func giveBack(_ sequence: Int64, after pause: Duration)

    /// Notes that the last attempt of an event begins that the retry policy allows.
    ///
    /// - Returns: false when that was noted before, by a process that has ended in it.
    /// - Throws: ``EventStoreError``; the event is still held then.
    func beginLastAttempt(_ sequence: Int64) async throws(EventStoreError) -> Bool

    /// Stores a dead letter, and is done with its event.
    ///
    /// - Throws: ``EventStoreError``; the event is still held then.
    func bury(_ letter: DeadLetter) async throws(EventStoreError)

    /// How far all processes together are.
    ///
    /// - Throws: ``EventStoreError``.
    func progress() async throws(EventStoreError) -> SharedProgress

    /// Gives back what is held, and takes no more.
    func close() async
}

/// An event that was taken from a subscription that processes share.
public struct SharedEvent: Sendable {
    /// The event.
    public let event: StoredEvent
    /// How often it has been handed out, with this time.
    public let attempt: Int
    /// Whether another program that shares the subscription takes events of its name, and this one doesn't.
    public let isForOthers: Bool

    /// Makes an event; for stores.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - attempt: how often it has been handed out, with this time.
    ///   - isForOthers: whether another program that shares the subscription takes events of its name, and this one doesn't.
    public init(event: StoredEvent, attempt: Int, isForOthers: Bool = false) {
        self.event = event
        self.attempt = attempt
        self.isForOthers = isForOthers
    }
}

/// How far the processes are that share a subscription.
public struct SharedProgress: Hashable, Sendable {
    /// How many events nobody has taken yet.
    public var waiting: Int
    /// How many were taken and aren't done: they are delivered by some process, or wait for their next attempt.
    public var taken: Int
    /// The sequence up to which everything is done.
    public var position: Int64
    /// When the first event was published that isn't done; nil when there is none.
    public var oldest: StoreTime?

    /// Makes a state; for stores.
    ///
    /// - Parameters:
    ///   - waiting: how many events nobody has taken yet.
    ///   - taken: how many were taken and aren't done.
    ///   - position: the sequence up to which everything is done.
    ///   - oldest: when the first event was published that isn't done.
    public init(waiting: Int, taken: Int, position: Int64, oldest: StoreTime? = nil) {
        (self.waiting, self.taken, self.position, self.oldest) = (waiting, taken, position, oldest)
    }
}
