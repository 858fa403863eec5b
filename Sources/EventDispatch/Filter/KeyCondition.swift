/// One condition on one match key, whatever the key's value type.
protocol KeyCondition<Event>: Sendable {
    associatedtype Event: MatchableEvent

    /// Conditions with equal identities are on the same key, and so on values of the same type.
    var key: KeyIdentity { get }

    func holds(for event: Event) -> Bool

    /// The condition as Swift source, and that of its negation.
    func source(negated: Bool) -> String

    /// What makes the condition meaningless, even where it stands negated or beside alternatives.
    var defect: FilterDefect? { get }

    /// Whether it is known that no value fulfils the condition.
    var isImpossible: Bool { get }

    /// Whether no value fulfils both this condition and all of the others, which are on the same key.
    func excludes(_ others: [KeyLiteral<Event>]) -> Bool

    /// Whether the condition holds for a value of its key's type, and for every value that equals it; nil where that can't be
    /// said.
    func holds(forAllEqualTo value: Any) -> Bool?

    /// Whether no value fulfils both conditions.
    func isDisjoint(from other: any KeyCondition<Event>) -> Bool
}

/// A condition on a key, or its negation.
struct KeyLiteral<Event: MatchableEvent> {
    let condition: any KeyCondition<Event>
    let isNegated: Bool

    /// Whether the literal can hold for a value of its key's type, or for one that equals it.
    func canHold(forValue value: Any) -> Bool {
        condition.holds(forAllEqualTo: value).map { $0 != isNegated } ?? true
    }

    var source: String { condition.source(negated: isNegated) }
}
