import EventDispatch
/// D3: many handlers, each for another value of one key, against one lookup in a dictionary of closures.
struct OneOfManyBenchmark {
    let subscriptions: Int
    let options: BenchmarkOptions

    nonisolated(nonsending) func measure() async throws -> BenchmarkRow {
        let handlers = NamedHandlers(subscriptions)
        let floorCalls = CallCounter()
        defer {
            handlers.free()
            floorCalls.free()
        }
        let set = try handlers.subscribe()
        let closures = NamedClosures(subscriptions, calls: floorCalls)
        let signals = Signal.drawn(100_000, names: subscriptions, seed: options.eventSeed)
        let contest = Contest(
            workload: Workload.oneOfMany.rawValue,
            subscriptions: subscriptions,
            events: signals.count,
            expectedChecksum: signals.count,
            calls: { handlers.counters[0].value },
            floorCalls: { floorCalls.value },
            subject: { range in try handlers.fire(signals, range) },
            floor: { range in try closures.call(with: signals, range) }
        )
        var row = try await contest.measure(runs: options.runs)
        row.bytesPerSubscription = set.bytesEach
        row.tableBytesPerSubscription = Double(handlers.dispatcher.tableByteCount) / Double(subscriptions)
        row.setChanges(
            try ChangeTiming(runs: options.runs) { variant in try handlers.subscribe(subscriptions + variant) }
        )
        return row
    }
}
