import EventDispatch

/// W6: five conditions a subscription, all on keys that hold for most others too, but for one.
struct TaggedBenchmark {
    private static let numbers = 10_000

    private let subscriptions: Int
    private let options: BenchmarkOptions
    private let records: [TaggedRecord]

    init(subscriptions: Int, options: BenchmarkOptions) {
        self.subscriptions = subscriptions
        self.options = options
        records = (0..<Self.numbers).map { number in
            TaggedRecord(
                env: "prod",
                number: String(number),
                tags: ["tag1", "tag2"],
                region: "earth",
                type: "app"
            )
        }
    }

    nonisolated(nonsending) func measure() async throws -> BenchmarkRow {
        let contest = FilteredContest(
            workload: Workload.tagged.rawValue,
            subscriptions: subscriptions,
            events: records.count,
            checksumEvents: 1_000_000,
            expectedChecksum: 1_000_000 / Self.numbers * subscriptions,
            subscribe: { number, dispatcher, calls in
                try subscribe(number: number, to: dispatcher, counting: calls)
            },
            fire: { range, dispatcher in
                for index in range { try dispatcher.fireSynchronously(records[index]) }
            },
            floor: { calls, found in
                TaggedFloor(records: records, subscriptions: subscriptions, calls: calls, found: found).run
            }
        )
        return try await contest.measure(runs: options.runs)
    }

    private func subscribe(
        number: Int,
        to dispatcher: EventDispatcher,
        counting calls: CallCounter
    ) throws -> EventSubscription {
        try dispatcher.subscribe {
            On(TaggedRecord.self) {
                Where(\.env, is: "prod")
                Where(\.number, is: records[number % Self.numbers].number)
                Where(\.tags, contains: "tag1")
                Where(\.tags, contains: "tag2")
                Where(\.region, isNot: "moon")
                Where(\.type, in: ["app", "database"])
                Handle { _ in calls.increment() }
            }
        }
    }
}
