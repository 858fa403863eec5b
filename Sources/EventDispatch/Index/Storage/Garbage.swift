/// Collects what a change of tables makes superfluous: what is taken out, to be retired when the writer has let go of its lock, and
/// conditions of a filter that others have too.
final class Garbage {
    private(set) var items: [Retired] = []

    /// Those that stand in for conditions, which the filter keeps alive meanwhile.
    private var shared: [ObjectIdentifier: Condition] = [:]

    func append(_ item: Retired) { items.append(item) }

    /// Notes that another condition is about an equal value. It stands in for the first only when it prints the same too: equal values
    /// need not.
    func replace(_ condition: Condition, by substitute: Condition) {
        if condition !== substitute, condition.key === substitute.key, condition.isInterchangeable(with: substitute) {
            shared[ObjectIdentifier(condition)] = substitute
        }
    }

    /// A filter with the conditions that others have too.
    func sharing(_ filter: FilterNode) -> FilterNode {
        defer { shared.removeAll(keepingCapacity: true) }
        return shared.isEmpty ? filter : filter.replacing { shared[ObjectIdentifier($0)] ?? $0 }
    }
}
