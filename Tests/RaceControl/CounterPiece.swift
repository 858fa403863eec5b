import EventDispatch

/// A counter that two threads change, as a start limit's; unless it is guarded, each under a lock of its own.
final class CounterPiece: @unchecked Sendable {
    // Not sound, on purpose: unless it is guarded, `left` is guarded by no lock that the threads share.

    private let locks = [Lock(), Lock()]
    private let isGuarded: Bool
    private var left = Int.max

    init(isGuarded: Bool) { self.isGuarded = isGuarded }

    func run() { ThreadPair().run({ self.claim(0) }, { self.claim(1) }) }

    private func claim(_ thread: Int) -> Bool {
        locks[isGuarded ? 0 : thread].state.withLock { _ in
            guard left > 0 else { return false }
            left -= 1
            return true
        }
    }

    private final class Lock: Sendable {
        let state = Locked<Void>(())
    }
}
