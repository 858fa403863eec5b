import EventDispatch
import EventDispatchStore
import EventDispatchTesting

/// A store in memory that notes what is read, and whose saves can be held up.
final class ReadingStore: EventStore {
    private let base: MemoryEventStore
    private let saving = Locked<Gate?>(nil)
    private let last = Locked(EventInterest())

    init(clock: StoreClock = .system) { base = MemoryEventStore(clock: clock) }

    /// Holds up each save until a gate is opened.
    func holdSaves(at gate: Gate) { saving.withLock { $0 = gate } }

    /// What was asked for last.
    var interest: EventInterest { last.withLock { $0 } }

    var clock: StoreClock { base.clock }
    var source: String { base.source }

    func append(_ events: [StoredEvent]) async throws(EventStoreError) -> [Int64] { try await base.append(events) }

    func open(
        _ name: String,
        as claim: ClaimID,
        from start: StartingPoint,
        notify: @escaping @Sendable (StoreNotice) -> Void
    ) async throws(EventStoreError) -> SubscriptionRecord? {
        try await base.open(name, as: claim, from: start, notify: notify)
    }

    func close(_ name: String, as claim: ClaimID) async { await base.close(name, as: claim) }

    func read(
        after sequence: Int64,
        limit: Int,
        _ interest: EventInterest
    ) async throws(EventStoreError) -> EventBatch {
        last.withLock { $0 = interest }
        return try await base.read(after: sequence, limit: limit, interest)
    }

    func events(at sequences: [Int64]) async throws(EventStoreError) -> [StoredEvent] {
        try await base.events(at: sequences)
    }

    func backlog(
        after sequence: Int64,
        _ interest: EventInterest
    ) async throws(EventStoreError) -> (count: Int, oldest: StoreTime?) {
        try await base.backlog(after: sequence, interest)
    }

    func save(_ changes: [SubscriptionChange], of name: String) async throws(EventStoreError) {
        await saving.withLock { $0 }?.waitIgnoringCancellation()
        try await base.save(changes, of: name)
    }

    func subscriptions() async throws(EventStoreError) -> [String] { try await base.subscriptions() }

    func deliverer(of name: String) async throws(EventStoreError) -> Deliverer {
        try await base.deliverer(of: name)
    }

    func record(of name: String) async throws(EventStoreError) -> SubscriptionRecord? {
        try await base.record(of: name)
    }

    func deadLetters(
        of name: String,
        after sequence: Int64,
        limit: Int
    ) async throws(EventStoreError) -> [DeadLetter] {
        try await base.deadLetters(of: name, after: sequence, limit: limit)
    }

    func deadLetterCount(of name: String) async throws(EventStoreError) -> Int {
        try await base.deadLetterCount(of: name)
    }

    func forget(_ name: String) async throws(EventStoreError) { try await base.forget(name) }
}
