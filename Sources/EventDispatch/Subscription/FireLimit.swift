import Synchronization

/// Counts the starts of a limited handler.
final class FireLimit: Sendable {
    /// What a request for a start gets.
    enum Claim { case granted, grantedTheLast, refused }

    private let left: Atomic<Int>

    init(_ count: Int) { left = Atomic(count) }

    /// Takes one start, if one is left; atomic, so that no two callers get the same one.
    func claim() -> Claim {
        var current = left.load(ordering: .relaxed)
        while current > 0 {
            let (exchanged, original) = left.weakCompareExchange(
                expected: current,
                desired: current - 1,
                ordering: .acquiringAndReleasing
            )
            if exchanged { return current == 1 ? .grantedTheLast : .granted }
            current = original
        }
        return .refused
    }

    /// How many starts are left.
    var remaining: Int { left.load(ordering: .acquiring) }
}
