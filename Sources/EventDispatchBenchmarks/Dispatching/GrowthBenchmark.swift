import EventDispatch

/// What adding a handler and removing it takes among many and among a quarter of them, for each way in which a table can file it.
///
/// The floor is what each of the quarter takes, in the same run, so a ratio of 1 means a cost that does not grow.
struct GrowthBenchmark {
    private static let mostRatio = 2.0

    private enum Kind: String, CaseIterable {
        case none, sameValue, values, closure, prefixes, patterns, ranges, bounds, elements, negations
    }

    let subscriptions: Int
    let options: BenchmarkOptions

    /// The row of the kind whose cost grows most.
    ///
    /// - Throws: ``BenchmarkFailure`` when it grows with the number of handlers.
    func measure() throws -> BenchmarkRow {
        let rows = try Kind.allCases.map { kind in
            var timing = Timing()
            for _ in 0..<min(options.runs, 3) {
                let few = try time(of: subscriptions / 4, kind)
                timing.add(subject: try time(of: subscriptions, kind), floor: few * 4, events: subscriptions)
            }
            var row = BenchmarkRow(Workload.growth.rawValue, subscriptions: subscriptions)
            row.setTiming(timing)
            Console.note("growth of \(kind): \(row.ratio?.fixed(decimals: 2) ?? "–")")
            return row
        }
        guard let worst = rows.max(by: { $0.ratio ?? 0 < $1.ratio ?? 0 }), worst.ratio ?? .infinity < Self.mostRatio
        else {
            throw BenchmarkFailure("a handler takes the longer the more there are")
        }
        return worst
    }

    /// The time to add so many handlers and remove them in another order.
    private func time(of count: Int, _ kind: Kind) throws -> Duration {
        let dispatcher = EventDispatcher()
        let clock = ContinuousClock()
        let start = clock.now
        let subscriptions = try (0..<count).map { number in
            try dispatcher.on(Ledger.self, where: filter(kind, number)) { _ in }
        }
        for index in stride(from: 0, to: count, by: 2) { subscriptions[index].cancel() }
        for index in stride(from: count - 1, to: 0, by: -2) { subscriptions[index].cancel() }
        let duration = clock.now - start
        guard !dispatcher.hasHandlers(for: Ledger.self) else {
            throw BenchmarkFailure("handlers of the kind \(kind) are left")
        }
        return duration
    }

    private func filter(_ kind: Kind, _ number: Int) -> Filter<Ledger>? {
        switch kind {
        case .none: nil
        case .sameValue: \.number == 1
        case .values: \.number == number && \.name != "a"
        case .closure: Filter { _ in true }
        case .prefixes: Filter(\.name, hasPrefix: "name \(number)")
        case .patterns: Filter(\.name, matches: "name.*.\(number).**")
        case .ranges: Filter(\.number, in: number..<number + 10)
        case .bounds: \.number > number
        case .elements: Filter(\.tags, contains: number)
        case .negations: \.number != number
        }
    }
}

private struct Ledger: MatchableEvent {
    let number: Int
    let name: String
    let tags: [Int]

    struct MatchKeys: MatchKeySet {
        let number = Key(\.number)
        let name = Key(\.name)
        let tags = Key(\.tags)
    }
}
