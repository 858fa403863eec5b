import EventDispatch

typealias KeyOf<Value> = KeyPath<FuzzedEvent.MatchKeys, MatchKey<FuzzedEvent, Value>>

extension InputBytes {
    private static var deepestNesting: Int { 4 }

    /// A filter: a condition, or conditions combined and nested.
    mutating func filter(depth: Int = 0) -> Filter<FuzzedEvent> {
        guard depth < Self.deepestNesting else { return condition() }
        return switch number(below: 8) {
        case 0: !filter(depth: depth + 1)
        case 1: Filter(not: filter(depth: depth + 1))
        case 2: filter(depth: depth + 1) && filter(depth: depth + 1)
        case 3: filter(depth: depth + 1) || filter(depth: depth + 1)
        default: condition()
        }
    }

    private mutating func condition() -> Filter<FuzzedEvent> {
        switch number(below: 20) {
        case 0: equality(\.number, Domain.numbers)
        case 1: ordering(\.number, Domain.numbers)
        case 2: equality(\.ratio, Domain.ratios)
        case 3: ordering(\.ratio, Domain.ratios)
        case 4: equality(\.text, Domain.texts)
        case 5: ordering(\.text, Domain.texts)
        case 6: affix(\.text)
        case 7: equality(\.nickname, [nil] + Domain.texts)
        case 8: affix(\.nickname)
        case 9: presence(\.nickname)
        case 10: equality(\.count, [nil] + Domain.numbers)
        case 11: Filter(\.tags, contains: pick(Domain.texts))
        case 12: equality(\.token, Token.all)
        case 13: Filter(\.token, identicalTo: pick(Token.all))
        case 14: equality(\.isEven, [true, false])
        case 15: optionalOrdering(\.count, Domain.numbers)
        case 16: optionalOrdering(\.nickname, Domain.texts)
        case 17: Filter(\.isEven)
        case 18: !\.isEven
        default: closure()
        }
    }

    private mutating func equality<Value: Hashable & Sendable>(
        _ key: KeyOf<Value>,
        _ values: [Value]
    ) -> Filter<FuzzedEvent> {
        switch number(below: 6) {
        case 0: key == pick(values)
        case 1: key != pick(values)
        case 2: Filter(key, in: several(values))
        case 3: Filter(key, in: Set(several(values)))
        case 4: Filter(key, notIn: several(values))
        default: Filter(key, is: pick(values))
        }
    }

    private mutating func several<Value>(_ values: [Value]) -> [Value] {
        (0..<number(below: 13)).map { _ in pick(values) }
    }

    private mutating func ordering<Value: Comparable & Sendable>(
        _ key: KeyOf<Value>,
        _ values: [Value]
    ) -> Filter<FuzzedEvent> {
        let (kind, one, other) = (number(below: 9), pick(values), pick(values))
        // A range of bounds that are out of order, or not ordered at all, can't be made.
        let isOrdered = one <= other
        return switch kind {
        case 0: key < one
        case 1: key <= one
        case 2: key > one
        case 3: key >= one
        case 4 where isOrdered: Filter(key, in: one..<other)
        case 5 where isOrdered: Filter(key, in: one...other)
        case 6 where one == one: Filter(key, in: one...)
        case 7 where one == one: Filter(key, in: ..<one)
        case 8 where one == one: Filter(key, in: ...one)
        default: Filter(key, greaterThan: one) && Filter(key, lessThan: other)
        }
    }

    private mutating func optionalOrdering<Value: Comparable & Sendable>(
        _ key: KeyOf<Value?>,
        _ values: [Value]
    ) -> Filter<FuzzedEvent> {
        let (kind, one, other) = (number(below: 8), pick(values), pick(values))
        let isOrdered = one <= other
        return switch kind {
        case 0: key < one
        case 1: key <= one
        case 2: key > one
        case 3: key >= one
        case 4 where isOrdered: Filter(key, in: one..<other)
        case 5 where isOrdered: Filter(key, notIn: one...other)
        case 6 where one == one: Filter(key, in: one...)
        default: Filter(key, greaterThan: one) && Filter(key, lessThan: other)
        }
    }

    private mutating func affix<Text: MatchableText>(_ key: KeyOf<Text>) -> Filter<FuzzedEvent> {
        switch number(below: 4) {
        case 0: Filter(key, hasPrefix: pick(Domain.texts))
        case 1: Filter(key, hasSuffix: pick(Domain.texts))
        case 2: Filter(key, contains: pick(Domain.texts))
        default: Filter(key, matches: pick(Domain.patterns))
        }
    }

    private mutating func presence<Wrapped>(_ key: KeyOf<Wrapped?>) -> Filter<FuzzedEvent> {
        Filter(key, flip() ? .isNil : .exists)
    }

    private mutating func closure() -> Filter<FuzzedEvent> {
        let size = number(below: 3)
        return Filter { $0.tags.count > size }
    }
}
