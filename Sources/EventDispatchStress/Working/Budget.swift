import Synchronization

/// The operations that workers share out among themselves.
final class Budget: Sendable {
    private static let portion = 256

    private let left: Atomic<Int>

    init(_ operations: Int) { left = Atomic(operations) }

    /// Takes the next few; 0 when all are taken.
    func take() -> Int {
        let old = left.subtract(Self.portion, ordering: .relaxed).oldValue
        return max(0, min(old, Self.portion))
    }
}
