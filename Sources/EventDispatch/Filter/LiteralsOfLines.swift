/// The conditions of lines that have to hold together, by their keys.
struct LiteralsOfLines {
    /// Few: no more than the event has keys.
    private var ofKeys: [OfKey] = []

    private struct OfKey {
        var literals: [KeyLiteral]
        var isAnyAsserted: Bool

        var key: KeySource { literals[0].condition.key.source }
    }

    /// Adds a line. Returns what is known to be wrong with it beside those that were added before: conditions on the same key
    /// that no value fulfils.
    mutating func add(_ line: FilterNode) -> FilterDefect? {
        var defect: FilterDefect?
        for literal in line.conjuncts.lazy.compactMap({ $0.literal(negated: false) }) {
            guard let index = ofKeys.firstIndex(where: { $0.key === literal.condition.key.source }) else {
                ofKeys.append(OfKey(literals: [literal], isAnyAsserted: !literal.isNegated))
                continue
            }
            ofKeys[index].literals.append(literal)
            if !literal.isNegated { ofKeys[index].isAnyAsserted = true }
            guard ofKeys[index].isAnyAsserted, defect == nil else { continue }
            defect = FilterNode.exclusion(of: ofKeys[index].literals).map(FilterDefect.neverMatches)
        }
        return defect
    }
}
