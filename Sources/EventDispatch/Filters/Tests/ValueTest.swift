/// A test of a key's value: what stands behind an operator.
///
/// To add an operator, write a test beside the others in this folder, and its label in ``FilterExpression``. To have tables find
/// it, see `KeyTable`.
@usableFromInline
protocol ValueTest {
    /// The type of the keys that are tested.
    associatedtype Value

    /// Whether a value passes.
    func holds(for value: Value) -> Bool

    /// Writes the test, or its negation, as Swift source, for a key that is printed as given.
    func write(to output: inout PrintedText, key: String, negated: Bool)

    /// How tables can find the test by a value that passes it.
    var indexForm: IndexForm { get }

    /// The mistake that makes the test meaningless, even where it stands negated or beside alternatives.
    var defect: FilterDefect? { get }

    /// Whether it is known that no value passes.
    var isImpossible: Bool { get }

    /// Values one of which every value that passes is equal to, where they can be listed.
    var candidates: [Value]? { get }

    /// Whether the test can't tell values apart that are equal, and so can be tried on a candidate.
    var respectsEquality: Bool { get }

    /// Whether it is known that no value passes both tests.
    func isDisjoint(from other: Self) -> Bool

    /// Whether the other compares with the very same value, not only with an equal one.
    func isInterchangeable(with other: Self) -> Bool

    /// Equal for tests of one type that let the same values pass, for explanations, which count them together.
    var identity: AnyHashable { get }
}

extension ValueTest {
    /// Not at all: values that other conditions let through are tried one by one.
    @usableFromInline var indexForm: IndexForm { .none }
    /// None.
    @usableFromInline var defect: FilterDefect? { nil }
    /// Not known.
    @usableFromInline var isImpossible: Bool { false }
    /// Not to be relied on.
    @usableFromInline var respectsEquality: Bool { false }
    /// Not listed.
    @usableFromInline var candidates: [Value]? { nil }
    /// Not known.
    @usableFromInline func isDisjoint(from other: Self) -> Bool { false }
    /// Not known.
    @usableFromInline func isInterchangeable(with other: Self) -> Bool { false }
}

extension PrintedText {
    /// Adds a test that is written as a call, `\.key.contains("a")`.
    mutating func append(call method: String, of key: String, negated: Bool, _ argument: Any) {
        append("\(negated ? "!" : "")\(key).\(method)(")
        append(value: argument)
        append(")")
    }

    /// Adds a test that is written with an operator.
    mutating func append(_ key: String, _ comparison: String, _ operand: Any) {
        append("\(key) \(comparison) ")
        append(value: operand)
    }
}

/// Whether two values are the same in memory, or texts of the same bytes: equal values need be neither.
func areSame<Value>(_ left: Value, _ right: Value) -> Bool {
    if let left = left as? String, let right = right as? String { return left.utf8.elementsEqual(right.utf8) }
    return withUnsafeBytes(of: left) { left in withUnsafeBytes(of: right) { left.elementsEqual($0) } }
}
