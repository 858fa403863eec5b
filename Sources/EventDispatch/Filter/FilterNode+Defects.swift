extension FilterNode {
    /// What is known to be wrong with the filter by itself.
    var defect: FilterDefect? {
        if let (defect, part) = conditionDefect {
            return FilterDefect(
                code: defect.code,
                reason: "`\(shortSource(part, SourceLength.filter))`: \(defect.reason)"
            )
        }
        return impossibility(negated: false).map(FilterDefect.neverMatches)
    }
}

extension FilterDefect {
    static func neverMatches(_ explanation: String) -> FilterDefect {
        FilterDefect(code: .neverMatches, reason: "it can never match: \(explanation)")
    }
}

extension FilterNode {
    /// The first condition that is meaningless by itself.
    fileprivate var conditionDefect: (defect: FilterDefect, part: String)? {
        switch self {
        case .condition(let condition): condition.defect.map { ($0, condition.source(negated: false)) }
        case .satisfying: nil
        case .not(let node): node.conditionDefect
        case .all(let nodes), .any(let nodes): nodes.lazy.compactMap(\.conditionDefect).first
        }
    }

    /// Why the node, or its negation, holds for no event; nil where that is not known.
    fileprivate func impossibility(negated: Bool) -> String? {
        switch (self, negated) {
        case (.condition(let condition), false) where condition.isImpossible:
            return
                "in `\(shortSource(condition.source(negated: false), SourceLength.filter))` there is nothing to be in"
        case (.condition, _), (.satisfying, _):
            return nil
        case (.not(let node), _):
            return node.impossibility(negated: !negated)
        case (.all(let nodes), false), (.any(let nodes), true):
            return nodes.lazy.compactMap { $0.impossibility(negated: negated) }.first
                ?? Self.exclusion(among: nodes.compactMap { $0.literal(negated: negated) })
        case (.any(let nodes), false), (.all(let nodes), true):
            guard !nodes.isEmpty else { return "there are no alternatives" }
            let reasons = nodes.compactMap { $0.impossibility(negated: negated) }
            return reasons.count == nodes.count ? reasons.joined(separator: "; ") : nil
        }
    }

    /// Why conditions that have to hold together leave no value for some key; nil where that is not known.
    fileprivate static func exclusion(among literals: [KeyLiteral]) -> String? {
        guard literals.count > 1 else { return nil }
        return Dictionary(grouping: literals) { ObjectIdentifier($0.condition.key.source) }.values.lazy
            .filter { $0.count > 1 }.compactMap { exclusion(of: $0) }.first
    }

    /// Why conditions on one key that have to hold together leave no value for it; nil where that is not known.
    static func exclusion(of literals: [KeyLiteral]) -> String? {
        let isExcluded = literals.indices.contains { index in
            guard !literals[index].isNegated else { return false }
            var others = literals
            others.remove(at: index)
            return literals[index].condition.excludes(others)
        }
        guard isExcluded else { return nil }
        let sources = literals.map { "`\(shortSource($0.source, SourceLength.filter))`" }
        return shortSource(sources.joined(separator: " and "), 4 * SourceLength.filter) + " exclude each other"
    }

    func literal(negated: Bool) -> KeyLiteral? {
        switch self {
        case .condition(let condition): KeyLiteral(condition: condition, isNegated: negated)
        case .not(let node): node.literal(negated: !negated)
        case .satisfying, .all, .any: nil
        }
    }
}
