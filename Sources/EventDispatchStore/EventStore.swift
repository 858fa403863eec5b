import EventDispatch
import Synchronization

/// A store of events in their order, and of what its durable subscriptions have done with them.
///
/// Programs call ``publish(_:id:trace:)`` and ``subscribe(_:from:order:retry:jitter:observers:fileID:line:_:)``. The requirements are what a store has
/// to do. They know nothing of handlers, retries and order: that's the same for all stores, and is decided above them.
///
/// A call that throws an error with ``EventStoreError/isTransient`` is made again, in the same order.
public protocol EventStore: Sendable {
    /// What tells the time.
    var clock: StoreClock { get }

    /// Who publishes: the `source` of events that this program stores.
    var source: String { get }

    /// How long the store holds a delivered event for this process alone, unless it's told that the handlers still run; nil where nothing
    /// but the end of the process gives it back.
    var lease: Duration? { get }

    /// Stores events in their order, all or none. An event whose ID is stored already isn't stored again.
    ///
    /// - Returns: the sequences, also of those that were stored already.
    /// - Throws: ``EventStoreError``; whether the events are stored isn't known then.
    func append(_ events: [StoredEvent]) async throws(EventStoreError) -> [Int64]

    /// Claims a subscription for this process, and makes it when it is new.
    ///
    /// - Parameters:
    ///   - name: the subscription's name.
    ///   - claim: who claims it. The same one may claim it again.
    ///   - start: where a new one begins; of no meaning for others.
    ///   - notify: to be called when something may have changed, by whomever; it returns at once.
    /// - Returns: what the store knows of the subscription; nil while another process has it. Then the store gives the notice `.released`
    ///   when it may be free, and the caller claims it again, or closes it.
    /// - Throws: ``EventStoreError``, with the code `.alreadySubscribed` when another claim of this store has it, or waits for it.
    func open(
        _ name: String,
        as claim: ClaimID,
        from start: StartingPoint,
        notify: @escaping @Sendable (StoreNotice) -> Void
    ) async throws(EventStoreError) -> SubscriptionRecord?

    /// Gives a claim up, or the wait for one. What is known of the subscription stays.
    func close(_ name: String, as claim: ClaimID) async

    /// Opens a subscription whose events the store hands out, each to one of the processes that have opened it; makes it when it is new.
    ///
    /// - Parameters:
    ///   - name: the subscription's name.
    ///   - claim: who opens it.
    ///   - start: where a new one begins; of no meaning for others.
    ///   - interest: the wanted events.
    ///   - notify: to be called when something may have changed, by whomever; it returns at once.
    /// - Returns: the subscription; nil for a store that hands nothing out, as by default. Then one process at a time delivers it.
    /// - Throws: ``EventStoreError``, with the code `.alreadySubscribed` when this store has it, or waits for it.
    func share(
        _ name: String,
        as claim: ClaimID,
        from start: StartingPoint,
        _ interest: EventInterest,
        notify: @escaping @Sendable (StoreNotice) -> Void
    ) async throws(EventStoreError) -> (any SharedDeliveries)?

    /// Reads wanted events after a sequence.
    ///
    /// - Parameters:
    ///   - sequence: the last sequence that the reader has seen.
    ///   - limit: how many events there may be in the batch.
    ///   - interest: the wanted events; others are left out.
    /// - Returns: the events, and how far the store has looked.
    /// - Throws: ``EventStoreError``.
    func read(
        after sequence: Int64,
        limit: Int,
        _ interest: EventInterest
    ) async throws(EventStoreError) -> EventBatch

    /// What the store leaves out of an interest of a subscription, in its own words: names and routing values by default.
    func filters(of name: String, _ interest: EventInterest) async throws(EventStoreError) -> [String]

    /// The events of some sequences, as far as they are stored.
    func events(at sequences: [Int64]) async throws(EventStoreError) -> [StoredEvent]

    /// How many wanted events stand after a sequence, and when the first of them was published.
    func backlog(
        after sequence: Int64,
        _ interest: EventInterest
    ) async throws(EventStoreError) -> (count: Int, oldest: StoreTime?)

    /// Saves what has become of events of a subscription: all of the changes or none, in their order.
    func save(_ changes: [SubscriptionChange], of name: String) async throws(EventStoreError)

    /// The names of all subscriptions, sorted.
    func subscriptions() async throws(EventStoreError) -> [String]

    /// Who delivers a subscription now.
    func deliverer(of name: String) async throws(EventStoreError) -> Deliverer

    /// What the store knows of a subscription; nil when there is none of the name.
    func record(of name: String) async throws(EventStoreError) -> SubscriptionRecord?

    /// The dead letters of a subscription, in the order of their events, without those that are to be delivered again.
    ///
    /// - Parameters:
    ///   - name: the subscription's name.
    ///   - sequence: only letters of later events.
    ///   - limit: how many there may be.
    func deadLetters(
        of name: String,
        after sequence: Int64,
        limit: Int
    ) async throws(EventStoreError) -> [DeadLetter]

    /// How many dead letters a subscription has.
    func deadLetterCount(of name: String) async throws(EventStoreError) -> Int

    /// Extends the lease of an event whose handlers still run.
    ///
    /// - Throws: ``EventStoreError`` when the lease is lost.
    func extend(_ sequence: Int64, of name: String) async throws(EventStoreError)

    /// Forgets a subscription, and all that is known of it.
    func forget(_ name: String) async throws(EventStoreError)
}

extension EventStore {
    /// None.
    public var lease: Duration? { nil }

    /// Names and routing values.
    public func filters(of name: String, _ interest: EventInterest) async throws(EventStoreError) -> [String] {
        interest.lines
    }

    /// Hands nothing out.
    public func share(
        _ name: String,
        as claim: ClaimID,
        from start: StartingPoint,
        _ interest: EventInterest,
        notify: @escaping @Sendable (StoreNotice) -> Void
    ) async throws(EventStoreError) -> (any SharedDeliveries)? { nil }

    /// Nothing, where there are no leases.
    public func extend(_ sequence: Int64, of name: String) async throws(EventStoreError) {}
}

/// Who claims a subscription of a store: one opened subscription of this process.
public struct ClaimID: Hashable, Sendable {
    private static let last = Atomic<UInt64>(0)
    private let number: UInt64

    /// Makes an ID that no other claim of the process has.
    public init() { number = Self.last.add(1, ordering: .relaxed).newValue }
}

/// Who delivers a durable subscription.
public enum Deliverer: Hashable, Sendable {
    /// This process.
    case here
    /// Another process.
    case elsewhere
    /// Nobody: the subscription is stopped, or its process has ended.
    case nobody
}

/// What a store tells a subscription: something may have changed, so look.
public enum StoreNotice: Hashable, Sendable {
    /// Events may have been appended.
    case appended
    /// Dead letters may be there that are to be delivered again.
    case returned
    /// The process that had the subscription may have ended.
    case released
}

/// Where a new durable subscription begins. One that exists goes on from its position.
public enum StartingPoint: Hashable, Sendable {
    /// With the events that are published from now on.
    case now
    /// With the first event that is still stored.
    case beginning
    /// With the event of a sequence.
    case sequence(Int64)
    /// With the first event that was published at a time or later.
    case time(StoreTime)
}

/// How long a store keeps events. In any case it keeps what a subscription still needs.
public enum Retention: Hashable, Sendable {
    /// Until every subscription is done with an event; while there is no subscription, it stays.
    case whenDelivered
    /// As `.whenDelivered`, and at least for a time after it was published.
    case `for`(Duration)
    /// For ever.
    case forever
}

/// What a store knows of a subscription.
public struct SubscriptionRecord: Hashable, Sendable {
    /// The sequence up to which the subscription is done with all events.
    public var position: Int64
    /// The later events that it is done with.
    public var done: Set<Int64> = []
    /// The attempts of events that it has begun with and isn't done with.
    public var attempts: [Int64: AttemptRecord] = [:]
    /// Dead letters that are to be delivered again.
    public var returned: [StoredEvent] = []
    /// The events that it takes, as far as a store can tell; nil before it was first delivered.
    public var interest: EventInterest?

    /// Makes the record of a subscription that has done nothing yet.
    public init(position: Int64) { self.position = position }
}

/// The attempts of an event that isn't done.
public struct AttemptRecord: Hashable, Sendable {
    /// How many attempts have begun.
    public var count: Int
    /// When the last of them began.
    public var began: StoreTime
    /// When the next may begin; nil while the last isn't known to have ended.
    public var retryAt: StoreTime?
    /// The errors of the last attempt.
    public var errors: [String]

    /// Makes a record; for stores, which read them.
    ///
    /// - Parameters:
    ///   - count: how many attempts have begun.
    ///   - began: when the last of them began.
    ///   - retryAt: when the next may begin; nil while the last isn't known to have ended.
    ///   - errors: the errors of the last attempt.
    public init(count: Int, began: StoreTime, retryAt: StoreTime? = nil, errors: [String] = []) {
        self.count = count
        self.began = began
        self.retryAt = retryAt
        self.errors = errors
    }
}

/// A change to what a store knows of a subscription.
public enum SubscriptionChange: Hashable, Sendable {
    /// An attempt begins, or has failed and is to be made again.
    case attempted(Int64, AttemptRecord)
    /// The subscription is done with all events up to a sequence, and with some others.
    case done(upTo: Int64, [Int64])
    /// An event is a dead letter. The subscription is done with it.
    case buried(DeadLetter)
    /// A dead letter is to be delivered again, as if it had never been.
    case returned(Int64)
    /// A dead letter is thrown away.
    case discarded(Int64)
    /// The subscription takes these events now, and is done with those that it took before and doesn't take any more.
    case interested(EventInterest)
}

extension SubscriptionRecord {
    /// Makes a change, as far as it isn't about the dead letters themselves.
    ///
    /// For stores that keep records in memory; it says what the changes mean.
    public mutating func apply(_ change: SubscriptionChange) {
        switch change {
        case .attempted(let sequence, let record):
            attempts[sequence] = record
        case .done(let end, let sequences):
            for sequence in sequences { finish(sequence) }
            guard end > position else { return }
            position = end
            done = done.filter { $0 > end }
            let owed = Set(returned.map(\.sequence))
            attempts = attempts.filter { $0.key > end || owed.contains($0.key) }
        case .buried(let letter):
            finish(letter.event.sequence)
        case .returned(let sequence):
            attempts[sequence] = nil
        case .interested(let interest):
            self.interest = interest
        case .discarded:
            break
        }
    }

    private mutating func finish(_ sequence: Int64) {
        attempts[sequence] = nil
        returned.removeAll { $0.sequence == sequence }
        if sequence > position { done.insert(sequence) }
    }
}
