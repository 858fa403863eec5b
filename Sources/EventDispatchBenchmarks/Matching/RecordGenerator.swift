import ProgramSupport

/// Draws the events of W1 to W5, one after the other. Half of them are made to match a subscription.
struct RecordGenerator {
    private let workload: MatchingWorkload
    private let rules: [DrawnRule]
    private var random: SplitMix64

    init(_ workload: MatchingWorkload, rules: [DrawnRule], seed: UInt64) {
        self.workload = workload
        self.rules = rules
        random = SplitMix64(seed: seed)
    }

    mutating func next() -> DrawnRecord {
        let type = draw(MatchingWorkload.types)
        let user = draw(workload.users(subscriptions: rules.count))
        let role = draw(MatchingWorkload.roles)
        let amount = draw(MatchingWorkload.amounts)
        let table = draw(MatchingWorkload.tables)
        let number = draw(rules.count)
        let operation = draw(MatchingWorkload.operations.count)
        let hit = draw(2)
        let rule = rules[draw(rules.count)]
        let offset = draw(MatchingWorkload.amountsInARange)
        var record = DrawnRecord(
            type: type,
            user: user,
            role: role,
            amount: amount,
            table: table,
            number: number,
            operation: operation
        )
        if hit == 0, workload != .equality { record.copyFields(of: rule, offset: offset) }
        return record
    }

    private mutating func draw(_ bound: Int) -> Int { random.next(below: bound) }
}
