import Synchronization

/// Runs an operation, and tells whether it ends. One that does not is cancelled and given up, so that a test of it fails
/// instead of hanging.
func ends(within patience: Duration = .seconds(45), _ operation: @escaping @Sendable () async -> Void) async -> Bool {
    let flag = Flag()
    let task = Task {
        await operation()
        flag.set()
    }
    if await comesTrue(within: patience, { flag.isSet }) { return true }
    task.cancel()
    return false
}

/// Makes way for other tasks until a condition holds; false when that takes too long.
func comesTrue(within patience: Duration = .seconds(45), _ condition: @Sendable () -> Bool) async -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + patience
    while !condition() {
        if clock.now > end { return false }
        await Task.yield()
    }
    return true
}

/// Something that is so or not.
final class Flag: Sendable {
    private let value = Atomic(false)

    func set() { value.store(true, ordering: .releasing) }

    func unset() { value.store(false, ordering: .releasing) }

    var isSet: Bool { value.load(ordering: .acquiring) }
}

/// A number that goes up, from any task.
final class Tally: Sendable {
    private let count = Atomic(0)

    @discardableResult
    func increment() -> Int { count.add(1, ordering: .acquiringAndReleasing).newValue }

    var value: Int { count.load(ordering: .acquiring) }
}
