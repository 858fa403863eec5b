import EventDispatch

/// D5: ten asynchronous handlers in one phase, awaited to their end, against a task group by hand.
struct SideBySideBenchmark {
    private static let handlers = 10

    let workload: Workload
    /// Whether each handler suspends once.
    let suspends: Bool
    let options: BenchmarkOptions

    nonisolated(nonsending) func measure() async throws -> BenchmarkRow {
        // A counter for each handler, because they run on different threads.
        let counters = (0..<Self.handlers).map { _ in CallCounter() }
        let floorCounters = (0..<Self.handlers).map { _ in CallCounter() }
        defer { for counter in counters + floorCounters { counter.free() } }
        let dispatcher = EventDispatcher()
        let suspends = suspends
        let set = try SubscriptionSet(Self.handlers) { index in
            let calls = counters[index]
            return try dispatcher.on(Signal.self) { _ in
                if suspends { await Task.yield() }
                calls.increment()
            }
        }
        let closures: [@Sendable (Signal) async throws -> Void] = floorCounters.map { calls in
            { _ in
                if suspends { await Task.yield() }
                calls.increment()
            }
        }
        let signals = Signal.drawn(100_000, names: 10_000, seed: options.eventSeed)
        let contest = Contest(
            workload: workload.rawValue,
            subscriptions: Self.handlers,
            events: signals.count,
            expectedChecksum: signals.count * Self.handlers,
            calls: { counters.reduce(0) { $0 + $1.value } },
            floorCalls: { floorCounters.reduce(0) { $0 + $1.value } },
            subject: { range in
                for index in range { try await dispatcher.fire(signals[index]) }
            },
            floor: { range in
                for index in range {
                    let signal = signals[index]
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for closure in closures { group.addTask { try await closure(signal) } }
                        try await group.waitForAll()
                    }
                }
            }
        )
        var row = try await contest.measure(runs: options.runs)
        row.bytesPerSubscription = set.bytesEach
        return row
    }
}
