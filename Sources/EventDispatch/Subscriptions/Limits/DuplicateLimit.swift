/// A start only for an event whose value of a key differs from that of the event of the last start: of all events, or of those with
/// one value of another key.
final class DuplicateLimit: HandlerLimit, @unchecked Sendable {
    /// The last value, and the values of claims that are not settled: of starts that may not take place.
    private struct Values: Sendable {
        struct Claim: Sendable {
            let id: ClaimID
            /// Counts the claims.
            let number: Int
            /// Nil for a value that doesn't equal itself.
            let value: KeptValue?
            var hasStarted = false
        }

        private var claims = 0
        private var last: Claim?
        private var open: [Claim] = []

        /// Whether this is the value of the newest claim that was not given back.
        func repeats(_ value: KeyValue) -> Bool {
            let newest = open.last.flatMap { $0.number > last?.number ?? 0 ? $0 : nil } ?? last
            return newest?.value.map { $0.equals(value) } ?? false
        }

        mutating func claim(_ id: ClaimID, _ value: KeptValue?) {
            claims += 1
            open.append(Claim(id: id, number: claims, value: value))
        }

        /// Notes that a claim starts.
        mutating func start(_ id: ClaimID) {
            if let index = open.firstIndex(where: { $0.id == id }) { open[index].hasStarted = true }
        }

        /// Lets a claim start that has waited, unless its value is by now that of the newest start.
        mutating func begin(_ id: ClaimID, _ value: KeyValue) -> Bool {
            let running = open.last { $0.hasStarted && $0.id != id }
            let newest = running.flatMap { $0.number > last?.number ?? 0 ? $0 : nil } ?? last
            if let newest, let known = newest.value, known.equals(value) { return false }
            start(id)
            return true
        }

        /// Settles a claim. Returns what is to be let go of outside the lock.
        mutating func settle(_ id: ClaimID, hasStarted: Bool) -> Claim? {
            guard let claim = open.firstIndex(where: { $0.id == id }).map({ open.remove(at: $0) }) else { return nil }
            guard hasStarted, claim.number > last?.number ?? 0 else { return claim }
            defer { last = claim }
            return last
        }
    }

    private let key: EventKey
    private let values: KeyedStates<Values>

    init(of key: EventKey, per group: EventKey?, capacity: Int) {
        self.key = key
        values = KeyedStates(per: group, capacity: capacity, Values())
    }

    override func claim(_ id: ClaimID, for event: EventReference) -> Bool {
        key.withValue(of: event) { value in
            let claim = values.change(for: event) { values in
                if values.repeats(value) { return false }
                values.claim(id, value == value ? value.kept : nil)
                return true
            }
            return claim?.result ?? false
        }
    }

    override func hasStart(for event: EventReference) -> Bool {
        key.withValue(of: event) { value in values.state(for: event).map { !$0.repeats(value) } ?? false }
    }

    override var notesStarts: Bool { true }

    override func beginStart(_ id: ClaimID, for event: EventReference) -> Bool {
        key.withValue(of: event) { value in values.changeKnown(for: event) { $0.begin(id, value) } } ?? true
    }

    override func noteStart(_ id: ClaimID, for event: EventReference) {
        values.changeKnown(for: event) { $0.start(id) }
    }

    override func settle(_ id: ClaimID, _ end: ClaimEnd, for event: EventReference) -> Bool {
        let hasStarted = if case .notStarted = end { false } else { true }
        let freed = values.changeKnown(for: event) { $0.settle(id, hasStarted: hasStarted) }
        withExtendedLifetime(freed) {}
        return false
    }

    override var readsEvent: Bool { true }

    override var refusesDuplicates: Bool { true }

    override var forgottenKeys: Int? { values.forgotten }
}
