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

/// The optional key has a value that is less than another. Nil doesn't match.
@inlinable
@_disfavoredOverload
public func < <Event: MatchableEvent, Value: OrderedOptional & Sendable>(
    key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
    value: Value.Wrapped
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

/// The optional key has a value that is less than another or equal to it. Nil doesn't match.
@inlinable
@_disfavoredOverload
public func <= <Event: MatchableEvent, Value: OrderedOptional & Sendable>(
    key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
    value: Value.Wrapped
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

/// The optional key has a value that is greater than another. Nil doesn't match.
@inlinable
@_disfavoredOverload
public func > <Event: MatchableEvent, Value: OrderedOptional & Sendable>(
    key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
    value: Value.Wrapped
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

/// The optional key has a value that is greater than another or equal to it. Nil doesn't match.
@inlinable
@_disfavoredOverload
public func >= <Event: MatchableEvent, Value: OrderedOptional & Sendable>(
    key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
    value: Value.Wrapped
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

/// The key is true, and the filter holds.
@_disfavoredOverload
public func && <Event: MatchableEvent>(
    left: KeyPath<Event.MatchKeys, MatchKey<Event, Bool>>,
    right: Filter<Event>
) -> Filter<Event> {
    Filter(left, is: true) && right
}

/// The filter holds, and the key is true.
@_disfavoredOverload
public func && <Event: MatchableEvent>(
    left: Filter<Event>,
    right: KeyPath<Event.MatchKeys, MatchKey<Event, Bool>>
) -> Filter<Event> {
    left && Filter(right, is: true)
}

/// Both keys are true.
@_disfavoredOverload
public func && <Event: MatchableEvent>(
    left: KeyPath<Event.MatchKeys, MatchKey<Event, Bool>>,
    right: KeyPath<Event.MatchKeys, MatchKey<Event, Bool>>
) -> Filter<Event> {
    Filter(left, is: true) && Filter(right, is: true)
}

/// The key is true, or the filter holds, or both.
@_disfavoredOverload
public func || <Event: MatchableEvent>(
    left: KeyPath<Event.MatchKeys, MatchKey<Event, Bool>>,
    right: Filter<Event>
) -> Filter<Event> {
    Filter(left, is: true) || right
}

/// The filter holds, or the key is true, or both.
@_disfavoredOverload
public func || <Event: MatchableEvent>(
    left: Filter<Event>,
    right: KeyPath<Event.MatchKeys, MatchKey<Event, Bool>>
) -> Filter<Event> {
    left || Filter(right, is: true)
}

/// One of the keys is true, or both.
@_disfavoredOverload
public func || <Event: MatchableEvent>(
    left: KeyPath<Event.MatchKeys, MatchKey<Event, Bool>>,
    right: KeyPath<Event.MatchKeys, MatchKey<Event, Bool>>
) -> Filter<Event> {
    Filter(left, is: true) || Filter(right, is: true)
}

/// The filter does not hold.
public prefix func ! <Event>(filter: Filter<Event>) -> Filter<Event> {
    Filter(not: filter)
}

/// The key is false.
@inlinable
public prefix func ! <Event: MatchableEvent>(key: KeyPath<Event.MatchKeys, MatchKey<Event, Bool>>) -> Filter<Event> {
    Filter(key, is: false)
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

/// Whether an optional key has a value, in `Where(\.nickname, .isNil)`.
public enum MatchPresence: Hashable, Sendable {
    /// The key is nil.
    case isNil
    /// The key is not nil.
    case exists
}

/// A key's value that `hasPrefix:`, `hasSuffix:`, `contains:` and `matches:` apply to: strings and optional strings.
public protocol MatchableText {
    /// The text to compare; nil, which fits no text, where there is none.
    var matchableText: String? { get }
}

extension String: MatchableText {
    /// The string itself.
    public var matchableText: String? { self }
}

extension Substring: MatchableText {
    /// A copy of the substring.
    public var matchableText: String? { String(self) }
}

extension Optional: MatchableText where Wrapped: MatchableText {
    /// The wrapped text, or nil.
    public var matchableText: String? { self?.matchableText }
}
