/// A condition made of a key and a test of its value.
final class KeyCondition<Test: ValueTest & Sendable>: Condition, @unchecked Sendable {
    // Sound: immutable and `Sendable`.
    private let test: Test

    init(key: NamedKey, test: Test) {
        self.test = test
        super.init(key: key)
    }

    override func holds(at value: UnsafeRawPointer) -> Bool {
        test.holds(for: value.assumingMemoryBound(to: Test.Value.self).pointee)
    }

    override var indexForm: IndexForm { test.indexForm }

    override func write(to source: inout SourceText, negated: Bool) {
        test.write(to: &source, key: "\\.\(key.name)", negated: negated)
    }

    override func writeValue(at value: UnsafeRawPointer, to source: inout SourceText) {
        source.append(value: value.assumingMemoryBound(to: Test.Value.self).pointee)
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

    override func isDisjoint(from other: Condition) -> Bool {
        (other as? Self).map { test.isDisjoint(from: $0.test) } ?? false
    }
}
