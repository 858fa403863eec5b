extension FilterNode {
    /// What is known to be wrong with the filter by itself.
    var defect: FilterDefect? {
        if let (defect, part) = conditionDefect {
            return FilterDefect(code: defect.code, reason: "`\(part)`: \(defect.reason)")
        }
        return impossibility(negated: false).map(FilterDefect.neverMatches)
    }

    /// What is known to be wrong with the filter beside another that has to hold too: conditions on the same key that no
    /// value fulfils.
    func defect(beside other: FilterNode) -> FilterDefect? {
        if case .condition(let one) = self, case .condition(let two) = other, one.key.source !== two.key.source {
            return nil
        }
        let own = conjuncts.compactMap { $0.literal(negated: false) }
        let keys = Set(own.map { ObjectIdentifier($0.condition.key.source) })
        let others = other.conjuncts.compactMap { $0.literal(negated: false) }.filter {
            keys.contains(ObjectIdentifier($0.condition.key.source))
        }
        return others.isEmpty ? nil : Self.exclusion(among: others + own).map(FilterDefect.neverMatches)
    }
}

extension FilterDefect {
    fileprivate static func neverMatches(_ explanation: String) -> FilterDefect {
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
            return "in `\(condition.source(negated: false))` there is nothing to be in"
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
        let sameKeys = Dictionary(grouping: literals) { ObjectIdentifier($0.condition.key.source) }.values.filter {
            $0.count > 1
        }
        let excluding = sameKeys.first { sameKey in
            sameKey.indices.contains { index in
                guard !sameKey[index].isNegated else { return false }
                var others = sameKey
                others.remove(at: index)
                return sameKey[index].condition.excludes(others)
            }
        }
        return excluding.map { $0.map { "`\($0.source)`" }.joined(separator: " and ") + " exclude each other" }
    }

    fileprivate func literal(negated: Bool) -> KeyLiteral? {
        switch self {
        case .condition(let condition): KeyLiteral(condition: condition, isNegated: negated)
        case .not(let node): node.literal(negated: !negated)
        case .satisfying, .all, .any: nil
        }
    }
}
