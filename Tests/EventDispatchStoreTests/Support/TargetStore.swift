import EventDispatch
import EventDispatchStore

/// A store that events are forwarded to, whose appends do what a test says. It has no subscriptions. Unless it stands before another
/// store, it remembers no IDs: what it's given twice stands in it twice.
final class TargetStore: EventStore {
    private let base: (any EventStore)?
    private let stored = Locked<[StoredEvent]>([])
    private let answer = Locked<Answer>({ _ in .stores })

    /// What becomes of an append.
    enum Outcome: Sendable {
        case stores
        /// Stores some of the events, and throws.
        case fails([Int], EventStoreError)
        /// Stores them after something has happened.
        case waits(@Sendable () async -> Void)
        /// Stores them, and then something happens.
        case then(@Sendable () async -> Void)
    }

    typealias Answer = @Sendable ([StoredEvent]) -> Outcome

    let clock: StoreClock
    let source = "target"

    init(before base: (any EventStore)? = nil, clock: StoreClock = .system) { (self.base, self.clock) = (base, clock) }

    /// Says what becomes of the appends from now on.
    func answer(_ answer: @escaping Answer) { self.answer.withLock { $0 = answer } }

    var ids: [String] { stored.withLock { $0.map(\.id) } }

    func append(_ events: [StoredEvent]) async throws(EventStoreError) -> [Int64] {
        switch answer.withLock({ $0 })(events) {
        case .stores:
            return try await store(events)
        case .fails(let indices, let error):
            _ = try await store(indices.map { events[$0] })
            throw error
        case .waits(let body):
            await body()
            return try await store(events)
        case .then(let body):
            let sequences = try await store(events)
            await body()
            return sequences
        }
    }

    private func store(_ events: [StoredEvent]) async throws(EventStoreError) -> [Int64] {
        if let base { return try await base.append(events) }
        return stored.withLock { stored in
            events.map { event in
                var event = event
                event.sequence = Int64(stored.count + 1)
                stored.append(event)
                return event.sequence
            }
        }
    }

    func read(
        after sequence: Int64,
        limit: Int,
        _ interest: EventInterest
    ) async throws(EventStoreError) -> EventBatch {
        if let base { return try await base.read(after: sequence, limit: limit, interest) }
        return stored.withLock { stored in
            let wanted = stored.filter { $0.sequence > sequence && interest.includes($0) }
            let events = Array(wanted.prefix(limit))
            let isEnd = events.count == wanted.count
            let end = isEnd ? Int64(stored.count) : events.last?.sequence ?? sequence
            return EventBatch(events: events, upTo: max(sequence, end), isEnd: isEnd)
        }
    }

    func open(
        _ name: String,
        as claim: ClaimID,
        from start: StartingPoint,
        notify: @escaping @Sendable (StoreNotice) -> Void
    ) async throws(EventStoreError) -> SubscriptionRecord? { nil }

    func close(_ name: String, as claim: ClaimID) async {}
    func events(at sequences: [Int64]) async throws(EventStoreError) -> [StoredEvent] { [] }

    func backlog(
        after sequence: Int64,
        _ interest: EventInterest
    ) async throws(EventStoreError) -> (count: Int, oldest: StoreTime?) { (0, nil) }

    func save(_ changes: [SubscriptionChange], of name: String) async throws(EventStoreError) {}
    func subscriptions() async throws(EventStoreError) -> [String] { [] }
    func deliverer(of name: String) async throws(EventStoreError) -> Deliverer { .nobody }
    func record(of name: String) async throws(EventStoreError) -> SubscriptionRecord? { nil }

    func deadLetters(
        of name: String,
        after sequence: Int64,
        limit: Int
    ) async throws(EventStoreError) -> [DeadLetter] { [] }

    func deadLetterCount(of name: String) async throws(EventStoreError) -> Int { 0 }
    func forget(_ name: String) async throws(EventStoreError) {}
}
