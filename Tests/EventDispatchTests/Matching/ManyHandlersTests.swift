import EventDispatch
import Testing

/// Adding and removing handlers takes a time that is proportional to their number.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ManyHandlersTests {
    enum Kind: CaseIterable {
        case none, sameValue, values, closure, prefixes, patterns, ranges, bounds, elements, negations
    }

    @Test(arguments: Kind.allCases)
    func fourTimesAsManyHandlersTakeAboutFourTimesAsLong(kind: Kind) throws {
        var ratio = Double.infinity
        for _ in 0..<3 where ratio >= 8 {
            let (few, many) = try (time(of: 16_000, kind), time(of: 64_000, kind))
            ratio = min(ratio, many / few)
        }
        #expect(ratio < 8)
    }

    /// The time to add so many handlers and remove them in another order.
    private func time(of count: Int, _ kind: Kind) throws -> Double {
        let dispatcher = EventDispatcher()
        let clock = ContinuousClock()
        let start = clock.now
        let subscriptions = try (0..<count).map { number in
            try dispatcher.on(Ledger.self, where: filter(kind, number)) { _ in }
        }
        for index in stride(from: 0, to: count, by: 2) { subscriptions[index].cancel() }
        for index in stride(from: count - 1, to: 0, by: -2) { subscriptions[index].cancel() }
        let duration = clock.now - start
        #expect(!dispatcher.hasHandlers(for: Ledger.self))
        return duration / .seconds(1)
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
