import Synchronization

/// Counts, from any thread.
public final class Counter: Sendable {
    private let count = Atomic(0)

    /// Makes a counter at 0.
    public init() {}

    /// What was counted so far.
    public var value: Int { count.load(ordering: .relaxed) }

    func add(_ number: Int = 1) { count.add(number, ordering: .relaxed) }
}
