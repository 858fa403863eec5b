/// A start only for an event whose value of a key differs from that of the event of the last start: of all events, or of those with
/// one value of another key.
final class DuplicateLimit: HandlerLimit {
    /// The last value, and the values of claims that have not started yet.
    private struct Values: Sendable {
        struct Numbered: Sendable {
            let number: Int
            /// Nil for a value that doesn't equal itself.
            let value: KeyValue?
        }

        private var claims = 0
        private var last: Numbered?
        private var claimed: [Numbered] = []

        /// Whether the value of the last start, or of a later claim, is this one.
        func repeats(_ value: KeyValue) -> Bool {
            let newest = claimed.last.flatMap { claim in claim.number > last?.number ?? 0 ? claim : nil } ?? last
            return newest?.value.map { $0 == value } ?? false
        }

        mutating func claim(_ value: KeyValue?) {
            claims += 1
            claimed.append(Numbered(number: claims, value: value))
        }

        /// Takes a claim out; nil where it's not there any more.
        mutating func take(_ value: KeyValue) -> Numbered? {
            let index = claimed.firstIndex { claim in claim.value.map { $0 == value } ?? (value != value) }
            return index.map { claimed.remove(at: $0) }
        }

        /// Notes that a claim has started. Returns a value to let go of outside the lock.
        mutating func start(_ value: KeyValue) -> Numbered? {
            guard let claim = take(value), claim.number > last?.number ?? 0 else { return nil }
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

    func claim(for event: EventReference) -> Bool {
        key.withValue(of: event) { value in
            let claim = values.change(for: event) { values in
                if values.repeats(value) { return false }
                values.claim(value == value ? value.kept(key.reader.layout) : nil)
                return true
            }
            return claim?.result ?? false
        }
    }

    func hasStart(for event: EventReference) -> Bool {
        key.withValue(of: event) { value in values.state(for: event).map { !$0.repeats(value) } ?? false }
    }

    var notesStarts: Bool { true }

    func noteStart(for event: EventReference) {
        let replaced = key.withValue(of: event) { value in values.changeKnown(for: event) { $0.start(value) } }
        withExtendedLifetime(replaced) {}
    }

    func settle(_ end: ClaimEnd, for event: EventReference) -> Bool {
        guard case .notStarted = end else { return false }
        let claim = key.withValue(of: event) { value in values.changeKnown(for: event) { $0.take(value) } }
        withExtendedLifetime(claim) {}
        return false
    }

    var isUsedUp: Bool { false }

    var remaining: Int? { nil }

    var readsEvent: Bool { true }

    var refusesDuplicates: Bool { true }

    var forgottenKeys: Int? { values.forgotten }
}
