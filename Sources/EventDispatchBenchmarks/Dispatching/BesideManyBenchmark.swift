import EventDispatch

/// Q1 to Q9: what is done to one handler, or asked about one, beside many others. It should take the same time however many there are.
struct BesideManyBenchmark {
    let workload: Workload
    let subscriptions: Int
    let options: BenchmarkOptions

    /// How often something is done that uses something up.
    private static let rounds = 64
    /// How often something is done that can be done any number of times.
    private static let manyRounds = 4_096

    private final class Owner: Sendable {}

    /// What nobody's type conforms to.
    private protocol Elsewhere: Sendable {}

    /// An event that few handlers are for.
    private struct Rare: MatchableEvent {
        let number: Int

        struct MatchKeys: MatchKeySet {
            let number = Key(\.number)
        }
    }

    private static let signal = Signal(number: 0, name: "", level: .normal)

    /// More than this, for a hundred times as many handlers, is a cost that grows with them.
    private static let mostRatio = 5.0

    /// - Parameter first: what the first size took; the ratio is to it.
    /// - Throws: ``BenchmarkFailure`` when the cost grows with the number of handlers.
    func measure(comparedTo first: BenchmarkRow?) throws -> BenchmarkRow {
        var rounds: [Double] = []
        for _ in 0..<options.runs { rounds.append(try measureOnce()) }
        let quartiles = Quartiles(rounds)
        var row = BenchmarkRow(workload.rawValue, subscriptions: subscriptions)
        row.nanosecondsPerEvent = quartiles.median
        row.spread = quartiles.spread
        row.ratio = first?.nanosecondsPerEvent.map { quartiles.median / $0 }
        if let ratio = row.ratio, ratio > Self.mostRatio {
            let times = ratio.fixed(decimals: 1)
            throw BenchmarkFailure("\(workload.rawValue) takes \(times) times as long beside \(subscriptions) handlers")
        }
        return row
    }

    private func measureOnce() throws -> Double {
        let dispatcher = EventDispatcher()
        switch workload {
        case .asking:
            try addMany(to: dispatcher)
            return time(times: Self.manyRounds) { _ in _ = dispatcher.hasHandlers(for: Signal.self) }
        case .cancellingAnOwners:
            let others = try addManyOwned(to: dispatcher)
            let owners = (0..<Self.rounds).map { _ in Owner() }
            for owner in owners { _ = try dispatcher.on(Signal.self, weak: owner) { _, _ in } }
            defer { withExtendedLifetime(others) {} }
            return time { dispatcher.cancelAll(ownedBy: owners[$0]) }
        case .findingAnID:
            let others = try addManyOwned(to: dispatcher)
            _ = try dispatcher.subscribe(id: "one") { On(Signal.self) { Handle(weak: others[0]) { _, _ in } } }
            return time(times: Self.manyRounds) { _ in withExtendedLifetime(dispatcher.subscription(id: "one")) {} }
        case .usingABlockUp:
            _ = try dispatcher.subscribe {
                On(Signal.self) { for _ in 0..<subscriptions { Handle { _ in } } }
                for round in 0..<Self.rounds {
                    On(Rare.self) {
                        Where(\.number, is: round)
                        Handle { _ in }
                    }
                    .limit(1)
                }
            }
            return try time { round in try dispatcher.fireSynchronously(Rare(number: round)) }
        case .firingBesideOtherProtocols:
            _ = try dispatcher.subscribe {
                for _ in 0..<subscriptions { OnAny(conformingTo: (any Elsewhere).self) { _ in } }
            }
            try dispatcher.fireSynchronously(Self.signal)
            return try time(times: Self.manyRounds) { _ in try dispatcher.fireSynchronously(Self.signal) }
        case .claimingManyBlocks:
            _ = try dispatcher.subscribe {
                for _ in 0..<subscriptions { On(Signal.self) { Handle { _ in } }.limit(1) }
            }
            return try time(times: 1) { _ in try dispatcher.fireSynchronously(Self.signal) } / Double(subscriptions)
        case .subscribingBesideAnyEvents:
            _ = try dispatcher.subscribe {
                On(Signal.self) { Handle { _ in } }
                for _ in 0..<subscriptions { OnAny(named: "elsewhere") { _ in } }
            }
            return try time(times: Self.manyRounds) { _ in _ = try dispatcher.on(Signal.self) { _ in } }
        case .mutingMany:
            let subscription = try dispatcher.subscribe {
                On(Signal.self) { for _ in 0..<subscriptions { Handle { _ in } } }
            }
            return time(times: Self.manyRounds) { _ in subscription.muted {} }
        default:
            let set = try (0..<subscriptions).map { _ in try dispatcher.on(Rare.self) { _ in } }
            _ = try dispatcher.on(Signal.self) { _ in for subscription in set { subscription.cancel() } }
            return try time(times: 1) { _ in try dispatcher.fireSynchronously(Self.signal) } / Double(subscriptions)
        }
    }

    private func addMany(to dispatcher: EventDispatcher) throws {
        for _ in 0..<subscriptions { _ = try dispatcher.on(Signal.self) { _ in } }
    }

    private func addManyOwned(to dispatcher: EventDispatcher) throws -> [Owner] {
        let owners = (0..<subscriptions).map { _ in Owner() }
        for owner in owners { _ = try dispatcher.on(Signal.self, weak: owner) { _, _ in } }
        return owners
    }

    /// The nanoseconds that one of several calls takes on average.
    private func time(times: Int = Self.rounds, _ body: (Int) throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        for round in 0..<times { try body(round) }
        return (clock.now - start).nanoseconds / Double(times)
    }
}
