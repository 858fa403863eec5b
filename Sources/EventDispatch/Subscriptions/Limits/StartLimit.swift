/// At most a number of starts; each counts, however it ends.
final class StartLimit: FireLimit {
    private struct State {
        var left: Int
        /// Claims that are not settled.
        var claimed = 0

        var isUsedUp: Bool { left == 0 && claimed == 0 }
    }

    private let state: Locked<State>

    init(_ count: Int) { state = Locked(State(left: count)) }

    func claim(for event: EventReference) -> Bool {
        state.withLock { state in
            guard state.left > 0 else { return false }
            state.left -= 1
            state.claimed += 1
            return true
        }
    }

    func hasStart(for event: EventReference) -> Bool { state.withLock { $0.left > 0 } }

    func settle(_ end: ClaimEnd, for event: EventReference) -> Bool {
        state.withLock { state in
            state.claimed -= 1
            if case .notStarted = end { state.left += 1 }
            return state.isUsedUp
        }
    }

    var isUsedUp: Bool { state.withLock { $0.isUsedUp } }

    var remaining: Int? { state.withLock { $0.left } }
}
