import Synchronization

/// Whether a handler has started or may not start any more, whichever is decided first.
final class StartDecision: Sendable {
    private enum State: UInt8, AtomicRepresentable {
        case open, started, prevented
    }

    private let state = Atomic(State.open)

    /// Notes that the handler starts; false when it may not.
    func start() -> Bool { decide(.started) }

    /// Keeps the handler from starting; false when it has started.
    func prevent() -> Bool { decide(.prevented) }

    private func decide(_ decision: State) -> Bool {
        state.compareExchange(expected: .open, desired: decision, ordering: .acquiringAndReleasing).exchanged
    }
}
