/// One condition on one match key, whatever the event and the key's type.
///
/// A class, because tables point at conditions.
@usableFromInline
class Condition: @unchecked Sendable {
    // Sound: what there is, here and in `KeyCondition`, which alone inherits, is immutable and `Sendable`.

    /// The key.
    final let key: NamedKey

    init(key: NamedKey) { self.key = key }

    /// Whether the condition holds for a value of its key.
    func holds(at value: UnsafeRawPointer) -> Bool { abstract() }

    /// How tables can find the condition by a value that fulfils it.
    var indexForm: IndexForm { abstract() }

    /// Writes the condition, or its negation, as Swift source.
    func write(to output: inout PrintedText, negated: Bool) { abstract() }

    /// Writes the key's value in an event as Swift source.
    func writeValue(at value: UnsafeRawPointer, to output: inout PrintedText) { abstract() }

    /// Whether both are the same test of the same key, for explanations.
    final func isSame(as other: Condition) -> Bool {
        if self === other { return true }
        guard key.reader === other.key.reader, type(of: self) == type(of: other) else { return false }
        return testIdentity == other.testIdentity
    }

    /// Whether the other, which is on the same key, is the same test of the very same value, not only of an equal one.
    func isInterchangeable(with other: Condition) -> Bool { abstract() }

    /// Equal for conditions of one type whose tests are the same.
    var testIdentity: AnyHashable { abstract() }

    /// The defect that makes the condition meaningless, even where it stands negated or beside alternatives.
    var defect: FilterDefect? { abstract() }

    /// Whether it is known that no value fulfils the condition.
    var isImpossible: Bool { abstract() }

    /// Whether no value fulfils both this condition and all of the others, which are on the same key.
    func excludes(_ others: [KeyLiteral]) -> Bool { abstract() }

    /// Whether the condition holds for a value of its key's type, and for every value that equals it; nil where that can't be
    /// said.
    func holds(forAllEqualTo value: Any) -> Bool? { abstract() }

    /// Values one of which every value that fulfils the condition is equal to, where they can be listed.
    var candidates: [Any]? { abstract() }

    /// Whether no value fulfils both conditions.
    func isDisjoint(from other: Condition) -> Bool { abstract() }

    /// Whether the condition holds for an event.
    final func holds(for event: EventReference) -> Bool { key.reader.withValue(of: event) { holds(at: $0) } }

    private func abstract() -> Never { preconditionFailure("only KeyCondition is made") }
}

/// A condition made of a key and a test of its value.
final class KeyCondition<Test: ValueTest>: Condition, @unchecked Sendable {
    // Sound: immutable. Only the initializers of `Filter` make one: from a test that is `Sendable`, or from a `Membership` of members
    // that are, and then its test is too.
    private let test: Test

    init(key: NamedKey, test: Test) {
        self.test = test
        super.init(key: key)
    }

    override func holds(at value: UnsafeRawPointer) -> Bool {
        test.holds(for: value.assumingMemoryBound(to: Test.Value.self).pointee)
    }

    override var indexForm: IndexForm { test.indexForm }

    override func write(to output: inout PrintedText, negated: Bool) {
        test.write(to: &output, key: "\\.\(key.name)", negated: negated)
    }

    override func writeValue(at value: UnsafeRawPointer, to output: inout PrintedText) {
        output.append(value: value.assumingMemoryBound(to: Test.Value.self).pointee)
    }

    override func isInterchangeable(with other: Condition) -> Bool {
        (other as? Self).map { test.isInterchangeable(with: $0.test) } ?? false
    }

    override var testIdentity: AnyHashable { test.identity }

    override var defect: FilterDefect? { test.defect }

    override var isImpossible: Bool { test.isImpossible }

    override func excludes(_ others: [KeyLiteral]) -> Bool {
        if let candidates = test.candidates {
            return !candidates.contains { candidate in others.allSatisfy { $0.canHold(forValue: candidate) } }
        }
        return others.contains { !$0.isNegated && isDisjoint(from: $0.condition) }
    }

    override func holds(forAllEqualTo value: Any) -> Bool? {
        test.respectsEquality ? (value as? Test.Value).map(test.holds) : nil
    }

    override var candidates: [Any]? { test.candidates }

    override func isDisjoint(from other: Condition) -> Bool {
        (other as? Self).map { test.isDisjoint(from: $0.test) } ?? false
    }
}
