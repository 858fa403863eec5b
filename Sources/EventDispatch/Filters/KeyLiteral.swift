/// A condition on a key, or its negation.
struct KeyLiteral {
    let condition: Condition
    let isNegated: Bool

    /// Whether the literal can hold for a value of its key's type, or for one that equals it.
    func canHold(forValue value: Any) -> Bool {
        condition.holds(forAllEqualTo: value).map { $0 != isNegated } ?? true
    }

    func write(to source: inout SourceText) { condition.write(to: &source, negated: isNegated) }
}
