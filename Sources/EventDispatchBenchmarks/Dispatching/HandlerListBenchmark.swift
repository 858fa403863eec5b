import EventDispatch
import EventDispatchTracing

/// D1 and D2: some synchronous handlers that take every event, against a loop over an array of closures. D1-await is D1 for those
/// who can suspend. D9 is D1, and D9-await D1-await, with a trace that records.
struct HandlerListBenchmark {
    let workload: Workload
    let handlers: Int
    let options: BenchmarkOptions

    nonisolated(nonsending) func measure() async throws -> BenchmarkRow {
        let calls = CallCounter()
        let floorCalls = CallCounter()
        defer {
            calls.free()
            floorCalls.free()
        }
        let dispatcher = EventDispatcher()
        if workload == .recorded || workload == .recordedAwaited { dispatcher.observe(with: EventDispatchTrace()) }
        let set = try SubscriptionSet(handlers) { _ in try dispatcher.on(Signal.self) { _ in calls.increment() } }
        let closures: [@Sendable (Signal) throws -> Void] = (0..<handlers).map { _ in { _ in floorCalls.increment() } }
        let signals = Signal.drawn(100_000, names: 10_000, seed: options.eventSeed)
        let contest = Contest(
            workload: workload.rawValue,
            subscriptions: handlers,
            events: signals.count,
            expectedChecksum: signals.count * handlers,
            calls: { calls.value },
            floorCalls: { floorCalls.value },
            subject: { range in
                if workload == .oneHandlerAwaited || workload == .recordedAwaited {
                    try await fireAwaiting(signals, range, at: dispatcher)
                } else {
                    try fire(signals, range, at: dispatcher)
                }
            },
            floor: { range in try call(closures, with: signals, range) }
        )
        var row = try await contest.measure(runs: options.runs)
        row.bytesPerSubscription = set.bytesEach
        row.tableBytesPerSubscription = Double(dispatcher.tableByteCount) / Double(handlers)
        return row
    }

    private func fire(_ signals: [Signal], _ range: Range<Int>, at dispatcher: EventDispatcher) throws {
        for index in range { try dispatcher.fireSynchronously(signals[index]) }
    }

    private nonisolated(nonsending) func fireAwaiting(
        _ signals: [Signal],
        _ range: Range<Int>,
        at dispatcher: EventDispatcher
    ) async throws {
        for index in range { try await dispatcher.fire(signals[index]) }
    }

    private func call(
        _ closures: [@Sendable (Signal) throws -> Void],
        with signals: [Signal],
        _ range: Range<Int>
    ) throws {
        for index in range {
            let signal = signals[index]
            for closure in closures { try closure(signal) }
        }
    }
}
