import Synchronization

/// At most a number of starts; each counts, however it ends.
final class StartLimit: FireLimit {
    private let left: Atomic<Int>

    init(_ count: Int) { left = Atomic(count) }

    func claim(for event: EventReference) -> Bool {
        var current = left.load(ordering: .relaxed)
        while current > 0 {
            let (exchanged, original) = left.weakCompareExchange(
                expected: current,
                desired: current - 1,
                ordering: .acquiringAndReleasing
            )
            if exchanged { return true }
            current = original
        }
        return false
    }

    func giveBack(for event: EventReference) { left.add(1, ordering: .acquiringAndReleasing) }

    func settle(succeeded: Bool) -> Bool { false }

    var isUsedUp: Bool { left.load(ordering: .acquiring) == 0 }

    var remaining: Int? { left.load(ordering: .acquiring) }
}
