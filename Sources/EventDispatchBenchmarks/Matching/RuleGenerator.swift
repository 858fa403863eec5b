import ProgramSupport

/// Draws the filters of W1 to W5, one after the other.
struct RuleGenerator {
    private let workload: MatchingWorkload
    private let subscriptions: Int
    private var random: SplitMix64
    private var position = 0

    init(_ workload: MatchingWorkload, subscriptions: Int, seed: UInt64) {
        self.workload = workload
        self.subscriptions = subscriptions
        random = SplitMix64(seed: seed)
    }

    mutating func next() -> DrawnRule {
        let form = workload.form(drawn: draw(100))
        let type = draw(MatchingWorkload.types)
        let role = draw(MatchingWorkload.roles)
        let user = draw(workload.users(subscriptions: subscriptions))
        let lowestAmount = draw(MatchingWorkload.amounts - MatchingWorkload.amountsInARange)
        let table = draw(MatchingWorkload.tables)
        let number = draw(subscriptions)
        let excluded = (draw(MatchingWorkload.types), draw(MatchingWorkload.types), draw(MatchingWorkload.types))
        defer { position += 1 }
        return DrawnRule(
            form: form,
            type: Int32(type),
            role: Int32(role),
            user: Int32(workload == .equality ? position : user),
            lowestAmount: Int32(lowestAmount),
            table: Int32(table),
            number: Int32(number),
            excludedTypes: (Int32(excluded.0), Int32(excluded.1), Int32(excluded.2))
        )
    }

    private mutating func draw(_ bound: Int) -> Int { random.next(below: bound) }
}
