import Synchronization

/// D8: D3 while another thread subscribes and cancels without pause, against D3 at rest.
struct WhileChangingBenchmark {
    private static let events = 100_000

    let subscriptions: Int
    let options: BenchmarkOptions

    func measure() async throws -> BenchmarkRow {
        let handlers = NamedHandlers(subscriptions)
        defer { handlers.free() }
        let set = try handlers.subscribe()
        let signals = Signal.drawn(Self.events, names: subscriptions, seed: options.eventSeed)
        let round = try await RoundSize.calibrate { count in try handlers.fire(signals, 0..<count) }
        var timing = Timing()
        for _ in 0..<options.runs {
            let atRest = try fire(signals, round.events, at: handlers)
            let changes = ChangesWithoutPause(handlers)
            let whileChanging = try fire(signals, round.events, at: handlers)
            try changes.stop()
            timing.add(subject: whileChanging, floor: atRest, events: round.events)
        }
        var row = BenchmarkRow(Workload.whileChanging.rawValue, subscriptions: subscriptions)
        row.setTiming(timing)
        withExtendedLifetime(set) {}
        return row
    }

    private func fire(_ signals: [Signal], _ events: Int, at handlers: NamedHandlers) throws -> Duration {
        let before = handlers.counters[0].value
        let duration = try ContinuousClock().measure { try handlers.fire(signals, 0..<events) }
        let delivered = handlers.counters[0].value - before
        guard delivered == events else { throw BenchmarkFailure("D8 delivered \(delivered) of \(events) events") }
        return duration
    }
}
