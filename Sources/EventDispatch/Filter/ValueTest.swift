/// A test of a key's value: what stands behind an operator. The library's own types conform; it is public
/// only because ``MatchMembers`` names it.
///
/// To add an operator, write a test beside the others in `ValueTests`, and its label in ``FilterExpression``.
public protocol ValueTest {
    /// The type of the keys that are tested.
    associatedtype Value

    /// Whether a value passes.
    func holds(for value: Value) -> Bool

    /// The test, or its negation, as Swift source, for a key that is printed as given.
    func source(key: String, negated: Bool) -> String

    /// How tables can find the test by a value that passes it.
    var indexForm: IndexForm { get }

    /// What makes the test meaningless, even where it stands negated or beside alternatives.
    var defect: FilterDefect? { get }

    /// Whether it is known that no value passes.
    var isImpossible: Bool { get }

    /// Values one of which every value that passes is equal to, where they can be listed.
    var candidates: [Value]? { get }

    /// Whether the test can't tell values apart that are equal, and so can be tried on a candidate.
    var respectsEquality: Bool { get }

    /// Whether it is known that no value passes both tests.
    func isDisjoint(from other: Self) -> Bool

    /// Equal for tests of one type that let the same values pass, for explanations, which count them together.
    var identity: AnyHashable { get }
}

extension ValueTest {
    /// Not at all: values that other conditions let through are tried one by one.
    public var indexForm: IndexForm { .none }
    /// None.
    public var defect: FilterDefect? { nil }
    /// Not known.
    public var isImpossible: Bool { false }
    /// Not to be relied on.
    public var respectsEquality: Bool { false }
    /// Not listed.
    public var candidates: [Value]? { nil }
    /// Not known.
    public func isDisjoint(from other: Self) -> Bool { false }
    /// What the test prints as.
    public var identity: AnyHashable { source(key: "", negated: false) }
}
