/// A filter's syntax tree, whatever the event.
enum FilterNode: Sendable {
    case condition(Condition)
    case satisfying(Predicate)
    indirect case not(FilterNode)
    case all([FilterNode])
    case any([FilterNode])

    /// A filter that holds when all of the given ones do; with none, for every event.
    static func conjunction(_ filters: [Self]) -> Self {
        filters.count == 1 ? filters[0] : .all(filters.flatMap(\.conjuncts))
    }

    /// A filter that holds when one of the given ones does; with none, for no event.
    static func disjunction(_ filters: [Self]) -> Self {
        filters.count == 1 ? filters[0] : .any(filters.flatMap(\.disjuncts))
    }

    /// Whether the filter holds for an event.
    func holds(for event: EventReference) -> Bool {
        switch self {
        case .condition(let condition): condition.holds(for: event)
        case .satisfying(let predicate): predicate.holds(for: event)
        case .not(let node): !node.holds(for: event)
        case .all(let nodes): nodes.allSatisfy { $0.holds(for: event) }
        case .any(let nodes): nodes.contains { $0.holds(for: event) }
        }
    }

    /// The parts that have to hold together.
    var conjuncts: [Self] {
        if case .all(let nodes) = self { nodes } else { [self] }
    }

    /// The parts one of which has to hold.
    var disjuncts: [Self] {
        if case .any(let nodes) = self { nodes } else { [self] }
    }

    /// The same filter with other conditions, which say the same.
    func replacing(_ substitute: (Condition) -> Condition) -> FilterNode {
        switch self {
        case .condition(let condition): .condition(substitute(condition))
        case .satisfying: self
        case .not(let node): .not(node.replacing(substitute))
        case .all(let nodes): .all(nodes.map { $0.replacing(substitute) })
        case .any(let nodes): .any(nodes.map { $0.replacing(substitute) })
        }
    }
}
