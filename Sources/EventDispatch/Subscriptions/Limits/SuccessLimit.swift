/// At most a number of successes. A start that fails is given back; while all are in flight, no other can be claimed.
final class SuccessLimit: FireLimit {
    private struct State {
        /// Starts that are neither in flight nor have succeeded.
        var left: Int
        var successesLeft: Int
    }

    private let state: Locked<State>

    init(_ count: Int) { state = Locked(State(left: count, successesLeft: count)) }

    func claim(for event: EventReference) -> Bool {
        state.withLock { state in
            guard state.left > 0 else { return false }
            state.left -= 1
            return true
        }
    }

    func hasStart(for event: EventReference) -> Bool { state.withLock { $0.left > 0 } }

    func settle(_ end: ClaimEnd, for event: EventReference) -> Bool {
        state.withLock { state in
            if case .succeeded = end { state.successesLeft -= 1 } else { state.left += 1 }
            return state.successesLeft == 0
        }
    }

    var isUsedUp: Bool { state.withLock { $0.successesLeft == 0 } }

    var remaining: Int? { state.withLock { $0.successesLeft } }
}
