/// A collection that can stand after `in:` and `notIn:`: an array, a set, or any range.
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

/// A range: what can stand after `in:` and `notIn:` for an optional key too, of which the value has to lie in it.
public protocol MatchRange<Member>: MatchMembers where Member: Comparable {
    /// The interval.
    @_documentation(visibility: internal)
    var interval: MatchInterval<Member> { get }
}

extension Range: MatchRange {
    /// The key is at least the lower bound and less than the upper one.
    @_documentation(visibility: internal)
    @inlinable public var membership: Membership<Bound> { Membership(InInterval(interval.interval, style: .range)) }

    /// The interval.
    @_documentation(visibility: internal)
    @inlinable public var interval: MatchInterval<Bound> {
        MatchInterval(Interval(lower: lowerBound, upper: upperBound, includesUpper: false))
    }
}

extension ClosedRange: MatchRange {
    /// The key is at least the lower bound and at most the upper one.
    @_documentation(visibility: internal)
    @inlinable public var membership: Membership<Bound> { Membership(InInterval(interval.interval, style: .range)) }

    /// The interval.
    @_documentation(visibility: internal)
    @inlinable public var interval: MatchInterval<Bound> {
        MatchInterval(Interval(lower: lowerBound, upper: upperBound))
    }
}

extension PartialRangeFrom: MatchRange {
    /// The key is at least the lower bound.
    @_documentation(visibility: internal)
    @inlinable public var membership: Membership<Bound> { Membership(InInterval(interval.interval, style: .range)) }

    /// The interval.
    @_documentation(visibility: internal)
    @inlinable public var interval: MatchInterval<Bound> { MatchInterval(.from(lowerBound)) }
}

extension PartialRangeUpTo: MatchRange {
    /// The key is less than the upper bound.
    @_documentation(visibility: internal)
    @inlinable public var membership: Membership<Bound> { Membership(InInterval(interval.interval, style: .range)) }

    /// The interval.
    @_documentation(visibility: internal)
    @inlinable public var interval: MatchInterval<Bound> { MatchInterval(.upTo(upperBound)) }
}

extension PartialRangeThrough: MatchRange {
    /// The key is at most the upper bound.
    @_documentation(visibility: internal)
    @inlinable public var membership: Membership<Bound> { Membership(InInterval(interval.interval, style: .range)) }

    /// The interval.
    @_documentation(visibility: internal)
    @inlinable public var interval: MatchInterval<Bound> { MatchInterval(.through(upperBound)) }
}

/// The interval of a range. The library's own types make it.
@_documentation(visibility: internal)
public struct MatchInterval<Bound: Comparable> {
    @usableFromInline let interval: Interval<Bound>

    @usableFromInline
    init(_ interval: Interval<Bound>) { self.interval = interval }
}

/// A key's value that the comparisons apply to where it isn't nil: an optional of what has an order.
///
/// A protocol rather than overloads for `Value?`: with those, a value of the wrong type was reported at the key.
public protocol OrderedOptional<Wrapped> {
    /// What the optional may hold.
    associatedtype Wrapped: Comparable

    /// The test for having a value in an interval.
    @_documentation(visibility: internal)
    static func membership(in interval: MatchInterval<Wrapped>, isRange: Bool) -> Membership<Self>
}

extension Optional: OrderedOptional where Wrapped: Comparable {
    /// The optional has a value in an interval.
    @_documentation(visibility: internal)
    @inlinable
    public static func membership(in interval: MatchInterval<Wrapped>, isRange: Bool) -> Membership<Wrapped?> {
        Membership(HasValueInInterval(interval.interval, style: isRange ? .range : .comparison))
    }
}

/// What `in:` and `notIn:` ask of an optional key before a range.
///
/// One conformance would do. But the compiler reports the overload that needs the least repair, and for a range of the wrong type,
/// `Where(\.logins, in: "a"..<"b")`, that has to be the one for keys that aren't optional: here four conformances are missing, there two
/// bounds have the wrong type.
@_documentation(visibility: internal)
public typealias OptionalInRange = OrderedOptional & ExpressibleByNilLiteral & NotPlainValue & NotOnlyValue & Sendable

/// See ``OptionalInRange``.
@_documentation(visibility: internal)
public protocol NotPlainValue {}

/// See ``OptionalInRange``.
@_documentation(visibility: internal)
public protocol NotOnlyValue {}

extension Optional: NotPlainValue {}
extension Optional: NotOnlyValue {}
