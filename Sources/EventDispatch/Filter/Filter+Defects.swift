extension Filter {
    /// What is known to be wrong with the filter, and the part of it that is wrong.
    var defect: (defect: FilterDefect, part: String)? {
        if let found = root.conditionDefect { return found }
        guard root.neverHolds(negated: false) else { return nil }
        return (.contradiction, description)
    }
}

extension Filter.Node {
    /// The first condition that is meaningless by itself.
    fileprivate var conditionDefect: (defect: FilterDefect, part: String)? {
        switch self {
        case .condition(let condition): condition.defect.map { ($0, condition.source(negated: false)) }
        case .satisfying: nil
        case .not(let node): node.conditionDefect
        case .all(let nodes), .any(let nodes): nodes.lazy.compactMap(\.conditionDefect).first
        }
    }

    /// Whether the node, or its negation, is known to hold for no event. False where that is not known.
    fileprivate func neverHolds(negated: Bool) -> Bool {
        switch (self, negated) {
        case (.condition, _), (.satisfying, _): false
        case (.not(let node), _): node.neverHolds(negated: !negated)
        case (.all(let nodes), false), (.any(let nodes), true):
            nodes.contains { $0.neverHolds(negated: negated) } || Self.excludeEachOther(nodes, negated: negated)
        case (.any(let nodes), false), (.all(let nodes), true):
            nodes.allSatisfy { $0.neverHolds(negated: negated) }
        }
    }

    /// Whether conditions among these nodes, all of which have to hold, leave no value for some key.
    private static func excludeEachOther(_ nodes: [Self], negated: Bool) -> Bool {
        let literals = nodes.compactMap { $0.literal(negated: negated) }
        guard literals.count > 1 else { return false }
        return Dictionary(grouping: literals) { $0.condition.key }.values.contains { sameKey in
            sameKey.indices.contains { index in
                guard !sameKey[index].isNegated else { return false }
                var others = sameKey
                others.remove(at: index)
                return !others.isEmpty && sameKey[index].condition.excludes(others)
            }
        }
    }

    private func literal(negated: Bool) -> KeyLiteral<Event>? {
        switch self {
        case .condition(let condition): KeyLiteral(condition: condition, isNegated: negated)
        case .not(let node): node.literal(negated: !negated)
        case .satisfying, .all, .any: nil
        }
    }
}
