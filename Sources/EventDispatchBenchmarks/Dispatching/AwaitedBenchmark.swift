import EventDispatch

/// D4: one asynchronous handler without an isolation of its own, awaited to its end, against the plain await of a closure.
enum AwaitedBenchmark {
    private typealias AsynchronousClosure = nonisolated(nonsending) @Sendable (Signal) async throws -> Void

    /// From the main actor. A hop to another thread and back would cost about a hundred times as much.
    @MainActor
    static func measureOnMainActor(options: BenchmarkOptions) async throws -> BenchmarkRow {
        try await measure(.awaitedOnMainActor, options: options)
    }

    /// From wherever the caller is.
    static nonisolated(nonsending) func measure(
        _ workload: Workload,
        options: BenchmarkOptions
    ) async throws -> BenchmarkRow {
        let calls = CallCounter()
        let floorCalls = CallCounter()
        defer {
            calls.free()
            floorCalls.free()
        }
        let dispatcher = EventDispatcher()
        let subscription = try dispatcher.on(Signal.self) { (_: Signal) async in calls.increment() }
        let closures: [AsynchronousClosure] = [{ _ in floorCalls.increment() }]
        let signals = Signal.drawn(100_000, names: 10_000, seed: options.eventSeed)
        let contest = Contest(
            workload: workload.rawValue,
            subscriptions: 1,
            events: signals.count,
            expectedChecksum: signals.count,
            calls: { calls.value },
            floorCalls: { floorCalls.value },
            subject: { range in
                for index in range { try await dispatcher.fire(signals[index]) }
            },
            floor: { range in
                for index in range {
                    let signal = signals[index]
                    for closure in closures { try await closure(signal) }
                }
            }
        )
        let row = try await contest.measure(runs: options.runs)
        subscription.cancel()
        return row
    }
}
