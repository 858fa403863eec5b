/// At most a number of starts for each value of a key.
final class KeyLimit: HandlerLimit, @unchecked Sendable {
    private let count: Int
    private let startsLeft: KeyedStates<Int>

    init(_ count: Int, per key: EventKey, capacity: Int) {
        self.count = count
        startsLeft = KeyedStates(per: key, capacity: capacity, count)
    }

    override func claim(_ id: ClaimID, for event: EventReference) -> Bool {
        let claim = startsLeft.change(for: event) { left in
            guard left > 0 else { return false }
            left -= 1
            return true
        }
        return claim?.result ?? false
    }

    /// A thread that comes from the limit's own `==` or `hash` is told what it would get there: none.
    override func hasStart(for event: EventReference) -> Bool { startsLeft.state(for: event).map { $0 > 0 } ?? false }

    /// A value that was forgotten meanwhile has its full number of starts again, and gets none back.
    override func settle(_ id: ClaimID, _ end: ClaimEnd, for event: EventReference) -> Bool {
        if case .notStarted = end { startsLeft.changeKnown(for: event) { $0 = min($0 + 1, count) } }
        return false
    }

    override var readsEvent: Bool { true }

    override var forgottenKeys: Int? { startsLeft.forgotten }
}
