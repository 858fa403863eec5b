/// A condition made of a key and a test of its value.
struct KeyTest<Event: MatchableEvent, Test: ValueTest & Sendable>: KeyCondition {
    private let matchKey: MatchKey<Event, Test.Value>
    private let reader: MatchKeyReader<Event, Test.Value>
    private let test: Test

    init(key: MatchKey<Event, Test.Value>, test: Test) {
        matchKey = key
        self.test = test
        reader = MatchKeyReader(key)
    }

    var key: KeyIdentity { matchKey.identity }

    func holds(for event: Event) -> Bool { test.holds(for: reader.value(of: event)) }

    func source(negated: Bool) -> String { test.source(key: "\\.\(matchKey.name)", negated: negated) }

    var defect: FilterDefect? { test.defect }

    var isImpossible: Bool { test.isImpossible }

    func excludes(_ others: [KeyLiteral<Event>]) -> Bool {
        if let candidates = test.candidates {
            return !candidates.contains { candidate in others.allSatisfy { $0.canHold(forValue: candidate) } }
        }
        return others.contains { !$0.isNegated && isDisjoint(from: $0.condition) }
    }

    func holds(forAllEqualTo value: Any) -> Bool? {
        test.respectsEquality ? (value as? Test.Value).map(test.holds) : nil
    }

    func isDisjoint(from other: any KeyCondition<Event>) -> Bool {
        (other as? Self).map { test.isDisjoint(from: $0.test) } ?? false
    }
}
