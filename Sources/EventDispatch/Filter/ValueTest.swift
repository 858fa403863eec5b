/// A test of a key's value: what stands behind an operator. The library's own types conform.
///
/// To add an operator, write a test beside the others in `ValueTests`, and its label in ``FilterExpression``.
public protocol ValueTest {
    /// The type of the keys that are tested.
    associatedtype Value

    /// Whether a value passes.
    func holds(for value: Value) -> Bool

    /// The test, or its negation, as Swift source, for a key that is printed as given.
    func source(key: String, negated: Bool) -> String

    /// What makes the test meaningless, if anything does.
    var defect: FilterDefect? { get }

    /// The only values that can pass, where they can be listed.
    var candidates: [Value]? { get }

    /// Whether it is known that no value passes both tests.
    func isDisjoint(from other: Self) -> Bool
}

extension ValueTest {
    /// None.
    public var defect: FilterDefect? { nil }
    /// Not listed.
    public var candidates: [Value]? { nil }
    /// Not known.
    public func isDisjoint(from other: Self) -> Bool { false }
}
