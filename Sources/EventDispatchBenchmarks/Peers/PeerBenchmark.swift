/// The same work through this library and through what a program would use instead, in one run, in turns.
@MainActor
struct PeerBenchmark {
    private static let works: [(name: String, handlers: Peer.Handlers)] = [
        ("one handler", .ofEveryEvent(1)), ("100 handlers, all called", .ofEveryEvent(100)),
        ("10,000 handlers, each for a name", .ofNames(10_000)),
    ]

    let options: BenchmarkOptions

    func run() async throws {
        let times = "nanoseconds an event, and how many times what EventDispatch takes"
        Console.print("Medians of \(options.runs) rounds: \(times).")
        for work in Self.works {
            Console.print("\n\(work.name)")
            for (name, nanoseconds, ratio) in try await measure(work.handlers) {
                let columns = [nanoseconds.fixed(decimals: nanoseconds < 100 ? 1 : 0), ratio.fixed(decimals: 2)]
                let cells = columns.map { String(repeating: " ", count: max(0, 12 - $0.count)) + $0 }
                Console.print(name + String(repeating: " ", count: max(0, 30 - name.count)) + cells.joined())
            }
        }
    }

    private func measure(
        _ handlers: Peer.Handlers
    ) async throws -> [(name: String, nanoseconds: Double, ratio: Double)] {
        let calls = CallCounter()
        defer { calls.free() }
        let peers = try Peer.all(handlers, counting: calls)
        let signals = Signal.drawn(100_000, names: handlers.names.count, seed: options.eventSeed)
        var rounds: [(events: Int, times: [Double])] = []
        for peer in peers {
            let round = try await RoundSize.calibrate { count in try await peer.send(signals[..<count]) }
            rounds.append((round.events, []))
        }
        let clock = ContinuousClock()
        for _ in 0..<options.runs {
            for (index, peer) in peers.enumerated() {
                let events = signals[..<rounds[index].events]
                let before = calls.value
                let start = clock.now
                try await peer.send(events)
                rounds[index].times.append((clock.now - start).nanoseconds / Double(events.count))
                let called = calls.value - before
                guard called == events.count * handlers.reached else {
                    throw BenchmarkFailure("\(peer.name) called \(called) handlers for \(events.count) events")
                }
            }
        }
        for peer in peers { peer.end() }
        let medians = rounds.map { Quartiles($0.times).median }
        return zip(peers, medians).map { ($0.name, $1, $1 / medians[0]) }
    }
}
