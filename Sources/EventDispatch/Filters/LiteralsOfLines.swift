/// The conditions of lines that have to hold together, by their keys.
struct LiteralsOfLines {
    /// Few: no more than the event has keys.
    private var ofKeys: [OfKey] = []

    private struct OfKey {
        var literals: [KeyLiteral]
        var isAnyAsserted: Bool

        var key: KeySource { literals[0].condition.key.source }
    }

    /// Adds a line, which is right by itself and beside those that were added before.
    mutating func add(_ line: FilterNode) {
        for literal in line.conjuncts.compactMap({ $0.literal(negated: false) }) { _ = add(literal) }
    }

    /// Adds a line. Returns what is known to be wrong with it beside those that were added before: conditions on the same key
    /// that no value fulfils.
    mutating func addChecked(_ line: FilterNode) -> FilterDefect? {
        var defect: FilterDefect?
        for literal in line.conjuncts.compactMap({ $0.literal(negated: false) }) {
            let index = add(literal)
            guard ofKeys[index].literals.count > 1, ofKeys[index].isAnyAsserted, defect == nil else { continue }
            defect = FilterNode.exclusion(of: ofKeys[index].literals).map(FilterDefect.neverMatches)
        }
        return defect
    }

    /// Adds a condition, and returns where those of its key are.
    private mutating func add(_ literal: KeyLiteral) -> Int {
        guard let index = ofKeys.firstIndex(where: { $0.key === literal.condition.key.source }) else {
            ofKeys.append(OfKey(literals: [literal], isAnyAsserted: !literal.isNegated))
            return ofKeys.count - 1
        }
        ofKeys[index].literals.append(literal)
        if !literal.isNegated { ofKeys[index].isAnyAsserted = true }
        return index
    }
}
