/// A start only for an event whose value of a key differs from that of the event of the last start: of all events, or of those with
/// one value of another key.
final class DuplicateLimit: HandlerLimit {
    /// The last value, and the values of claims that have not started yet.
    private struct Values: Sendable {
        struct Claim: Sendable {
            let id: ClaimID
            /// Counts the claims.
            let number: Int
            /// Nil for a value that doesn't equal itself.
            let value: KeyValue?
        }

        private var claims = 0
        private var last: Claim?
        private var open: [Claim] = []

        /// Whether this is the value of the newest claim that has started or may start.
        func repeats(_ value: KeyValue) -> Bool {
            let newest = open.last.flatMap { $0.number > last?.number ?? 0 ? $0 : nil } ?? last
            return newest?.value.map { $0 == value } ?? false
        }

        mutating func claim(_ id: ClaimID, _ value: KeyValue?) {
            claims += 1
            open.append(Claim(id: id, number: claims, value: value))
        }

        /// Takes an open claim out.
        mutating func take(_ id: ClaimID) -> Claim? {
            open.firstIndex { $0.id == id }.map { open.remove(at: $0) }
        }

        /// Notes that a claim has started. Returns what is to be let go of outside the lock.
        mutating func start(_ id: ClaimID) -> Claim? {
            guard let claim = take(id), claim.number > last?.number ?? 0 else { return nil }
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

    func claim(_ id: ClaimID, for event: EventReference) -> Bool {
        key.withValue(of: event) { value in
            let claim = values.change(for: event) { values in
                if values.repeats(value) { return false }
                values.claim(id, value == value ? value.kept(key.reader.layout) : nil)
                return true
            }
            return claim?.result ?? false
        }
    }

    func hasStart(for event: EventReference) -> Bool {
        key.withValue(of: event) { value in values.state(for: event).map { !$0.repeats(value) } ?? false }
    }

    var notesStarts: Bool { true }

    func noteStart(_ id: ClaimID, for event: EventReference) {
        let replaced = values.changeKnown(for: event) { $0.start(id) }
        withExtendedLifetime(replaced) {}
    }

    func settle(_ id: ClaimID, _ end: ClaimEnd, for event: EventReference) -> Bool {
        guard case .notStarted = end else { return false }
        let claim = values.changeKnown(for: event) { $0.take(id) }
        withExtendedLifetime(claim) {}
        return false
    }

    var isUsedUp: Bool { false }

    var remaining: Int? { nil }

    var readsEvent: Bool { true }

    var refusesDuplicates: Bool { true }

    var forgottenKeys: Int? { values.forgotten }
}
