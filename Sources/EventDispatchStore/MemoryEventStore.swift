import EventDispatch

/// A store that keeps events in memory, as long as it lives: for tests, and for programs that need deliveries and retries and no disk.
///
/// It keeps all promises but that it outlives the process. A test that wants to see its program restart stops its subscriptions and opens
/// them again at the same store. It knows the IDs of the last 10,000 events that are gone, and stores none of these again.
/// ``fail(_:times:afterwards:with:)`` lets calls fail.
public final class MemoryEventStore: EventStore {
    /// What tells the time.
    public let clock: StoreClock
    /// Who publishes.
    public let source: String
    /// How long a delivered event is held; nil for as long as the subscription is open.
    public let lease: Duration?
    private let retention: Retention
    private let state = Locked(State())

    /// A call that can fail.
    public enum Operation: Hashable, Sendable {
        /// Publishing.
        case append
        /// Opening a subscription.
        case open
        /// Reading events.
        case read
        /// Saving attempts, acknowledgements and dead letters.
        case save
        /// Extending the lease of an event.
        case extend
    }

    fileprivate struct Fault: Sendable {
        var times: Int
        let isAfterwards: Bool
        let error: EventStoreError
    }

    fileprivate struct Subscription: Sendable {
        var record: SubscriptionRecord
        var letters: [Int64: DeadLetter] = [:]
        /// Nil while nobody has claimed the subscription.
        var claim: ClaimID?
        var notify: (@Sendable (StoreNotice) -> Void)?
    }

    fileprivate struct State: Sendable {
        /// The events, some that are gone among them, at the beginning.
        var all: [StoredEvent] = []
        /// How many are gone: taking out each by itself would move all others each time.
        var gone = 0
        var last: Int64 = 0
        /// The sequences of the events by their IDs, also of some that are gone.
        var sequences: [String: Int64] = [:]
        /// The IDs of events that are gone, in their order.
        var goneIDs: [String] = []
        var subscriptions: [String: Subscription] = [:]
        var faults: [Operation: [Fault]] = [:]
    }

    /// Makes an empty store.
    ///
    /// - Parameters:
    ///   - retention: how long events are kept.
    ///   - source: who publishes, as a URI; for the `source` of events.
    ///   - lease: how long a delivered event is held without an extension; nil for as long as its subscription is open.
    ///   - clock: tells the time.
    public init(
        retention: Retention = .whenDelivered,
        source: String = "memory",
        lease: Duration? = nil,
        clock: StoreClock = .system
    ) {
        self.retention = retention
        self.source = source
        self.lease = lease
        self.clock = clock
    }

    /// The events that are kept, in their order.
    public var events: [StoredEvent] { state.withLock { $0.events.unshared } }

    /// Lets the next calls of an operation fail.
    ///
    /// - Parameters:
    ///   - operation: the operation.
    ///   - times: how many calls fail.
    ///   - afterwards: whether a call fails when it has done its work, as when the answer of a server is lost; otherwise it does nothing.
    ///   - error: the error; one that is transient by default.
    public func fail(
        _ operation: Operation,
        times: Int = 1,
        afterwards: Bool = false,
        with error: EventStoreError = EventStoreError(.unavailable, "the store was told to fail", isTransient: true)
    ) {
        let fault = Fault(times: times, isAfterwards: afterwards, error: error)
        state.withLock { $0.faults[operation, default: []].append(fault) }
    }

    /// Calls a closure with the state under the lock, unless the operation is to fail.
    private func perform<Result: Sendable>(
        _ operation: Operation? = nil,
        _ body: @Sendable (inout State) throws(EventStoreError) -> Result
    ) throws(EventStoreError) -> Result {
        try state.withLock { state throws(EventStoreError) in
            let fault = operation.flatMap { state.takeFault(of: $0) }
            if let fault, !fault.isAfterwards { throw fault.error }
            let result = try body(&state)
            if let fault { throw fault.error }
            return result
        }
    }
}

extension MemoryEventStore {
    /// Stores events in their order. An event whose ID is stored already isn't stored again.
    public func append(_ events: [StoredEvent]) async throws(EventStoreError) -> [Int64] {
        defer { for notify in state.withLock({ $0.subscriptions.values.compactMap(\.notify) }) { notify(.appended) } }
        return try perform(.append) { [retention, now = clock.now] state in
            let sequences = events.map { event in state.append(event) }
            state.forgetEvents(retention, now)
            return sequences
        }
    }

    /// Claims a subscription, and makes it when it is new.
    public func open(
        _ name: String,
        as claim: ClaimID,
        from start: StartingPoint,
        notify: @escaping @Sendable (StoreNotice) -> Void
    ) async throws(EventStoreError) -> SubscriptionRecord? {
        try perform(.open) { state throws(EventStoreError) in
            var subscription =
                state.subscriptions[name]
                ?? Subscription(record: SubscriptionRecord(position: state.position(of: start)))
            guard subscription.claim == nil || subscription.claim == claim else {
                throw EventStoreError(.alreadySubscribed, "'\(name)' is delivered already")
            }
            subscription.claim = claim
            subscription.notify = notify
            state.subscriptions[name] = subscription
            return subscription.record
        }
    }

    /// Gives a claim up.
    public func close(_ name: String, as claim: ClaimID) async {
        let notify: (@Sendable (StoreNotice) -> Void)? = state.withLock { state in
            guard state.subscriptions[name]?.claim == claim else { return nil }
            defer {
                state.subscriptions[name]?.claim = nil
                state.subscriptions[name]?.notify = nil
            }
            return state.subscriptions[name]?.notify
        }
        withExtendedLifetime(notify) {}
    }

    /// Reads wanted events after a sequence.
    public func read(
        after sequence: Int64,
        limit: Int,
        _ interest: EventInterest
    ) async throws(EventStoreError) -> EventBatch {
        try perform(.read) { state in
            var batch = EventBatch(events: [], upTo: max(sequence, state.last), isEnd: true)
            for event in state.events(after: sequence) where interest.includes(event) {
                batch.events.append(event)
                guard batch.events.count >= limit, event.sequence < state.last else { continue }
                batch.upTo = event.sequence
                batch.isEnd = false
                break
            }
            return batch
        }
    }

    /// The events of some sequences, as far as they are stored.
    public func events(at sequences: [Int64]) async throws(EventStoreError) -> [StoredEvent] {
        try perform(.read) { state in
            sequences.filter { $0 > 0 }.compactMap { sequence in
                state.events(after: sequence - 1).first.flatMap { $0.sequence == sequence ? $0 : nil }
            }
        }
    }

    /// How many wanted events stand after a sequence, and when the first of them was published.
    public func backlog(
        after sequence: Int64,
        _ interest: EventInterest
    ) async throws(EventStoreError) -> (count: Int, oldest: StoreTime?) {
        try perform { state in
            let events = state.events(after: sequence).filter(interest.includes)
            return (events.count, events.first?.time)
        }
    }

    /// Saves what has become of events of a subscription.
    public func save(_ changes: [SubscriptionChange], of name: String) async throws(EventStoreError) {
        try perform(.save) { [retention, now = clock.now] state in
            guard var subscription = state.subscriptions[name] else { return }
            for change in changes { subscription.apply(change) }
            state.subscriptions[name] = subscription
            state.forgetEvents(retention, now)
        }
        guard changes.contains(where: { if case .returned = $0 { true } else { false } }) else { return }
        state.withLock { $0.subscriptions[name]?.notify }?(.returned)
    }

    /// The names of all subscriptions, sorted.
    public func subscriptions() async throws(EventStoreError) -> [String] {
        try perform { $0.subscriptions.keys.sorted() }
    }

    /// Who delivers a subscription now.
    public func deliverer(of name: String) async throws(EventStoreError) -> Deliverer {
        try perform { $0.subscriptions[name]?.notify == nil ? .nobody : .here }
    }

    /// What is known of a subscription.
    public func record(of name: String) async throws(EventStoreError) -> SubscriptionRecord? {
        try perform { $0.subscriptions[name]?.record }
    }

    /// The dead letters of a subscription, in the order of their events.
    public func deadLetters(
        of name: String,
        after sequence: Int64,
        limit: Int
    ) async throws(EventStoreError) -> [DeadLetter] {
        try perform { state in
            let letters = (state.subscriptions[name]?.letters.values ?? [:].values).filter { $0.sequence > sequence }
            return Array(letters.sorted { $0.sequence < $1.sequence }.prefix(max(0, limit)))
        }
    }

    /// How many dead letters a subscription has.
    public func deadLetterCount(of name: String) async throws(EventStoreError) -> Int {
        try perform { $0.subscriptions[name]?.letters.count ?? 0 }
    }

    /// Extends the lease of an event.
    public func extend(_ sequence: Int64, of name: String) async throws(EventStoreError) {
        try perform(.extend) { _ in }
    }

    /// Forgets a subscription.
    public func forget(_ name: String) async throws(EventStoreError) {
        try perform { [retention, now = clock.now] state in
            state.subscriptions[name] = nil
            state.forgetEvents(retention, now)
        }
    }
}

extension MemoryEventStore.Subscription {
    mutating func apply(_ change: SubscriptionChange) {
        record.apply(change)
        switch change {
        case .attempted, .done, .interested: break
        case .buried(let letter): letters[letter.sequence] = letter
        case .returned(let sequence):
            if let letter = letters.removeValue(forKey: sequence) { record.returned.append(letter.event) }
        case .discarded(let sequence): letters[sequence] = nil
        }
    }
}

extension MemoryEventStore.State {
    /// How many IDs of events that are gone are remembered at least, so that these aren't stored again.
    private static var mostGoneIDs: Int { 10_000 }

    mutating func takeFault(of operation: MemoryEventStore.Operation) -> MemoryEventStore.Fault? {
        guard var fault = faults[operation]?.first else { return nil }
        fault.times -= 1
        if fault.times > 0 { faults[operation]?[0] = fault } else { faults[operation]?.removeFirst() }
        return fault
    }

    var events: ArraySlice<StoredEvent> { all[gone...] }

    mutating func append(_ event: StoredEvent) -> Int64 {
        if let known = sequences[event.id] { return known }
        last += 1
        var event = event
        event.sequence = last
        all.append(event)
        sequences[event.id] = last
        return last
    }

    /// The events after a sequence: they stand in their order, and the sequences of all that were forgotten are less.
    func events(after sequence: Int64) -> ArraySlice<StoredEvent> {
        guard let first = events.first?.sequence else { return [] }
        return events.dropFirst(Int(max(0, sequence - first + 1)))
    }

    func position(of start: StartingPoint) -> Int64 {
        switch start {
        case .now: last
        case .beginning: 0
        case .sequence(let sequence): sequence > 0 ? sequence - 1 : 0
        case .time(let time): events.first { $0.time >= time }.map { $0.sequence - 1 } ?? last
        }
    }

    /// Forgets the events at the beginning that are done and whose time is over.
    mutating func forgetEvents(_ retention: Retention, _ now: StoreTime) {
        guard let position = subscriptions.values.map(\.record.position).min() else { return }
        let count = events.prefix { $0.sequence <= position && retention.isOver(for: $0, now) }.count
        goneIDs += events.prefix(count).map(\.id)
        gone += count
        if gone > all.count / 2 {
            all.removeFirst(gone)
            gone = 0
        }
        if goneIDs.count > 2 * Self.mostGoneIDs {
            for id in goneIDs.dropLast(Self.mostGoneIDs) { sequences[id] = nil }
            goneIDs.removeFirst(goneIDs.count - Self.mostGoneIDs)
        }
    }
}

extension Retention {
    fileprivate func isOver(for event: StoredEvent, _ now: StoreTime) -> Bool {
        switch self {
        case .whenDelivered: true
        case .for(let duration): event.time + duration <= now
        case .forever: false
        }
    }
}
