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

/// A collection that can stand after `in:`: an array, a set, or any range.
///
/// One protocol rather than an overload for each, because the compiler then names the element that has the wrong type.
public protocol MatchMembers<Member> {
    /// The type of the keys that can be in it.
    associatedtype Member

    /// The test for being in it.
    @_documentation(visibility: internal)
    var membership: Membership<Member> { get }
}

/// The test for being in what stands after `in:`. The library's own types make it.
@_documentation(visibility: internal)
public struct Membership<Member> {
    /// Makes the condition that a key passes the test.
    let condition: (NamedKey) -> Condition

    @usableFromInline
    init<Test: ValueTest>(_ test: Test) where Test.Value == Member {
        condition = { KeyCondition(key: $0, test: test) }
    }
}

extension Array: MatchMembers where Element: Hashable {
    /// The key equals one of the elements.
    @_documentation(visibility: internal)
    @inlinable public var membership: Membership<Element> { Membership(OneOf(Set(self))) }
}

extension Set: MatchMembers {
    /// The key equals one of the elements.
    @_documentation(visibility: internal)
    @inlinable public var membership: Membership<Element> { Membership(OneOf(self)) }
}

extension Range: MatchMembers {
    /// The key is at least the lower bound and less than the upper one.
    @_documentation(visibility: internal)
    @inlinable public var membership: Membership<Bound> {
        Membership(InInterval(Interval(lower: lowerBound, upper: upperBound, includesUpper: false), style: .range))
    }
}

extension ClosedRange: MatchMembers {
    /// The key is at least the lower bound and at most the upper one.
    @_documentation(visibility: internal)
    @inlinable public var membership: Membership<Bound> {
        Membership(InInterval(Interval(lower: lowerBound, upper: upperBound), style: .range))
    }
}

extension PartialRangeFrom: MatchMembers {
    /// The key is at least the lower bound.
    @_documentation(visibility: internal)
    @inlinable public var membership: Membership<Bound> { Membership(InInterval(.from(lowerBound), style: .range)) }
}

extension PartialRangeUpTo: MatchMembers {
    /// The key is less than the upper bound.
    @_documentation(visibility: internal)
    @inlinable public var membership: Membership<Bound> { Membership(InInterval(.upTo(upperBound), style: .range)) }
}

extension PartialRangeThrough: MatchMembers {
    /// The key is at most the upper bound.
    @_documentation(visibility: internal)
    @inlinable public var membership: Membership<Bound> { Membership(InInterval(.through(upperBound), style: .range)) }
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
