import Synchronization

/// Keeps the optimiser from removing what a handler does.
final class Sum: Sendable {
    private let total = Atomic(0)

    nonisolated(nonsending) func add(_ number: Int) async { total.wrappingAdd(number, ordering: .relaxed) }

    var value: Int { total.load(ordering: .relaxed) }
}
