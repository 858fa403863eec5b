/// What can stand after `in:`: an array, a set, or any range.
///
/// One protocol rather than an overload for each, because the compiler then names the element that has the wrong type.
public protocol MatchMembers<Member> {
    /// The type of the keys that can be in it.
    associatedtype Member
    /// The test for being in it.
    associatedtype MembershipTest: ValueTest where MembershipTest.Value == Member

    /// The test for being in it.
    var membershipTest: MembershipTest { get }
}

extension Array: MatchMembers where Element: Hashable {
    /// The key equals one of the elements.
    @inlinable public var membershipTest: OneOf<Element> { OneOf(Set(self)) }
}

extension Set: MatchMembers {
    /// The key equals one of the elements.
    @inlinable public var membershipTest: OneOf<Element> { OneOf(self) }
}

extension Range: MatchMembers {
    /// The key is at least the lower bound and less than the upper one.
    @inlinable public var membershipTest: InInterval<Bound> {
        InInterval(Interval(lower: lowerBound, upper: upperBound, includesUpper: false), style: .range)
    }
}

extension ClosedRange: MatchMembers {
    /// The key is at least the lower bound and at most the upper one.
    @inlinable public var membershipTest: InInterval<Bound> {
        InInterval(Interval(lower: lowerBound, upper: upperBound), style: .range)
    }
}

extension PartialRangeFrom: MatchMembers {
    /// The key is at least the lower bound.
    @inlinable public var membershipTest: InInterval<Bound> { InInterval(.from(lowerBound), style: .range) }
}

extension PartialRangeUpTo: MatchMembers {
    /// The key is less than the upper bound.
    @inlinable public var membershipTest: InInterval<Bound> { InInterval(.upTo(upperBound), style: .range) }
}

extension PartialRangeThrough: MatchMembers {
    /// The key is at most the upper bound.
    @inlinable public var membershipTest: InInterval<Bound> { InInterval(.through(upperBound), style: .range) }
}
