/// The key equals a value, by the type's own `==`. Strings are equal by canonical equivalence.
@inlinable
public func == <Event: MatchableEvent, Value: Hashable & Sendable>(
    key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
    value: Value
) -> Filter<Event> {
    Filter(key, is: value)
}

/// The key does not equal a value.
@inlinable
public func != <Event: MatchableEvent, Value: Hashable & Sendable>(
    key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
    value: Value
) -> Filter<Event> {
    Filter(key, isNot: value)
}

/// The optional key is nil. Its value need not be `Hashable`.
@inlinable
public func == <Event: MatchableEvent, Wrapped>(
    key: KeyPath<Event.MatchKeys, MatchKey<Event, Wrapped?>>,
    nothing: _OptionalNilComparisonType
) -> Filter<Event> {
    Filter(key, .isNil)
}

/// The optional key is not nil. Its value need not be `Hashable`.
@inlinable
public func != <Event: MatchableEvent, Wrapped>(
    key: KeyPath<Event.MatchKeys, MatchKey<Event, Wrapped?>>,
    nothing: _OptionalNilComparisonType
) -> Filter<Event> {
    Filter(key, .exists)
}

/// The key is less than a value.
@inlinable
public func < <Event: MatchableEvent, Value: Comparable & Sendable>(
    key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
    value: Value
) -> Filter<Event> {
    Filter(key, lessThan: value)
}

/// The key is less than a value or equal to it.
@inlinable
public func <= <Event: MatchableEvent, Value: Comparable & Sendable>(
    key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
    value: Value
) -> Filter<Event> {
    Filter(key, atMost: value)
}

/// The key is greater than a value.
@inlinable
public func > <Event: MatchableEvent, Value: Comparable & Sendable>(
    key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
    value: Value
) -> Filter<Event> {
    Filter(key, greaterThan: value)
}

/// The key is greater than a value or equal to it.
@inlinable
public func >= <Event: MatchableEvent, Value: Comparable & Sendable>(
    key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
    value: Value
) -> Filter<Event> {
    Filter(key, atLeast: value)
}

/// The key holds this very object. The filter retains the object.
@inlinable
public func === <Event: MatchableEvent, Object: AnyObject & Sendable>(
    key: KeyPath<Event.MatchKeys, MatchKey<Event, Object>>,
    object: Object
) -> Filter<Event> {
    Filter(key, identicalTo: object)
}

/// The optional key holds this very object. The filter retains the object.
@inlinable
public func === <Event: MatchableEvent, Object: AnyObject & Sendable>(
    key: KeyPath<Event.MatchKeys, MatchKey<Event, Object?>>,
    object: Object
) -> Filter<Event> {
    Filter(key, identicalTo: object)
}

/// Both filters hold.
public func && <Event>(left: Filter<Event>, right: Filter<Event>) -> Filter<Event> {
    Filter(
        .conjunction([left.root, right.root]),
        depth: max(left.depthAsConjunct, right.depthAsConjunct) + 1
    )
}

/// One of the filters holds, or both.
public func || <Event>(left: Filter<Event>, right: Filter<Event>) -> Filter<Event> {
    Filter(
        .disjunction([left.root, right.root]),
        depth: max(left.depthAsAlternative, right.depthAsAlternative) + 1
    )
}

/// The filter does not hold.
public prefix func ! <Event>(filter: Filter<Event>) -> Filter<Event> {
    Filter(not: filter)
}

extension Filter {
    /// Conjuncts of a conjunct stand beside the others.
    fileprivate var depthAsConjunct: Int {
        if case .all = root { depth - 1 } else { depth }
    }

    /// Alternatives of an alternative stand beside the others.
    fileprivate var depthAsAlternative: Int {
        if case .any = root { depth - 1 } else { depth }
    }
}
