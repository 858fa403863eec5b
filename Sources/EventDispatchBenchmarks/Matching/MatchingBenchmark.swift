import EventDispatch

/// W1 to W5: subscriptions with drawn filters, and events of which half are made to match one of them.
struct MatchingBenchmark {
    private static let events = 100_000

    private let workload: MatchingWorkload
    private let name: String
    private let subscriptions: Int
    private let options: BenchmarkOptions
    private let rules: [DrawnRule]
    /// What is added and cancelled while the others are there.
    private let moreConditions: [RuleCondition]
    private let records: [Record]
    private let expected: ExpectedMatches

    init(_ workload: MatchingWorkload, name: String, subscriptions: Int, options: BenchmarkOptions) throws {
        self.workload = workload
        self.name = name
        self.subscriptions = subscriptions
        self.options = options
        var generator = RuleGenerator(workload, subscriptions: subscriptions, seed: options.ruleSeed)
        let rules = (0..<subscriptions).map { _ in generator.next() }
        var recordGenerator = RecordGenerator(workload, rules: rules, seed: options.eventSeed)
        let drawn = (0..<Self.events).map { _ in recordGenerator.next() }
        self.rules = rules
        moreConditions = (0..<ChangeTiming.variants).map { _ in RuleCondition(generator.next()) }
        records = drawn.map(\.record)
        expected = ExpectedMatches(rules: rules, records: drawn)
        let known = KnownChecksums.checksum(of: workload, subscriptions: subscriptions)
        if options.hasDefaultSeeds, let known, known != expected.count {
            let place = "\(name) at \(subscriptions)"
            throw BenchmarkFailure("\(place) is drawn wrong: \(expected.count) matches instead of \(known)")
        }
    }

    nonisolated(nonsending) func measure() async throws -> BenchmarkRow {
        let contest = FilteredContest(
            workload: name,
            subscriptions: subscriptions,
            events: Self.events,
            expectedChecksum: expected.count,
            subscribe: { number, dispatcher, calls in
                let condition =
                    number < subscriptions
                    ? RuleCondition(rules[number]) : moreConditions[number - subscriptions]
                return try dispatcher.subscribe(condition, counting: calls)
            },
            fire: { range, dispatcher in
                for index in range { try dispatcher.fireSynchronously(records[index]) }
            },
            floor: { calls, found in
                MatchingFloor(workload, rules: rules, records: records, expected: expected, calls: calls, found: found)
                    .run
            }
        )
        return try await contest.measure(runs: options.runs)
    }
}
