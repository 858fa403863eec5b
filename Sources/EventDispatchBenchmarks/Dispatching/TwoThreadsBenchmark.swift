import EventDispatch

/// D7: two threads that fire at the same dispatcher at once, matching the same handlers, against one thread. D7-weak is the same beside
/// `weak:` handlers of another event, whose owners every fire looks after. D7-limit has one handler instead, with a limit for each of as many
/// names.
struct TwoThreadsBenchmark {
    private static let threads = 2
    private static let events = 100_000

    private static let owners = 1_000

    private final class Owner: Sendable {}

    let workload: Workload
    let subscriptions: Int
    let options: BenchmarkOptions

    func measure() async throws -> BenchmarkRow {
        let handlers = NamedHandlers(subscriptions, threads: Self.threads)
        defer { handlers.free() }
        let set = try workload == .twoThreadsWithLimits ? handlers.subscribeLimited() : handlers.subscribe()
        let owners = workload == .twoThreadsBesideOwners ? (0..<Self.owners).map { _ in Owner() } : []
        for owner in owners { _ = try handlers.dispatcher.on(TaggedRecord.self, weak: owner) { _, _ in } }
        let signals = (0..<Self.threads).map { thread in
            Signal.drawn(Self.events, names: subscriptions, seed: options.eventSeed &+ UInt64(thread), number: thread)
        }
        let round = try await RoundSize.calibrate { count in try handlers.fire(signals[0], 0..<count) }
        var timing = Timing()
        for _ in 0..<options.runs {
            let alone = try fire(signals[..<1], round.events, at: handlers)
            let together = try fire(signals[...], round.events, at: handlers)
            timing.add(subject: together / Self.threads, floor: alone, events: round.events)
        }
        var row = BenchmarkRow(workload.rawValue, subscriptions: subscriptions)
        row.setTiming(timing)
        row.ratio = row.ratio.map { 1 / $0 }
        withExtendedLifetime((set, owners)) {}
        return row
    }

    /// Fires events on as many threads as there are arrays of them.
    private func fire(_ signals: ArraySlice<[Signal]>, _ events: Int, at handlers: NamedHandlers) throws -> Duration {
        let line = StartLine(threads: signals.count)
        let before = handlers.counters.map(\.value)
        let threads = signals.map { signals in
            WorkerThread { try line.run { try handlers.fire(signals, 0..<events) } }
        }
        for thread in threads { try thread.join() }
        for thread in signals.indices where handlers.counters[thread].value - before[thread] != events {
            throw BenchmarkFailure(
                "D7 delivered \(handlers.counters[thread].value - before[thread]) of \(events) events of a thread"
            )
        }
        return line.duration
    }
}
