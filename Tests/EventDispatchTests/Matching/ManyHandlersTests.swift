import EventDispatch
import TestSupport
import Testing

/// Many handlers are added and removed at a cost each that does not grow with their number.
///
/// Here what users' values are asked is counted; the time that it takes is measured by the benchmark `growth`.
@Suite(.timeLimit(.minutes(10))) struct ManyHandlersTests {
    enum Kind: CaseIterable {
        case none, sameValue, values, closure, prefixes, patterns, ranges, bounds, elements, negations
    }

    @Test(arguments: Kind.allCases)
    func `handlers that are removed in another order than they were added are gone`(kind: Kind) throws {
        let count = scaled(400, full: 64_000)
        let dispatcher = EventDispatcher()
        var subscriptions = try (0..<count).map { number in
            try dispatcher.on(Ledger.self, where: filter(kind, number)) { _ in }
        }
        for index in stride(from: 0, to: count, by: 2) { subscriptions[index].cancel() }
        #expect(dispatcher.handlers.count == count / 2)
        for index in stride(from: count - 1, to: 0, by: -2) { subscriptions[index].cancel() }
        subscriptions = []
        #expect(!dispatcher.hasHandlers(for: Ledger.self))
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test(arguments: [Kind.sameValue, .values, .ranges, .bounds, .elements, .negations])
    func `four times as many handlers ask values about four times as often`(kind: Kind) throws {
        let count = scaled(200, full: 16_000)
        let few = try questions(toAddAndRemove: count, kind)
        let many = try questions(toAddAndRemove: 4 * count, kind)
        #expect(many > 0)
        // Looking through all of them would ask sixteen times as often. Searching an order asks a logarithm, and chance has a part in it.
        #expect(many < 12 * few, "\(few), then \(many)")
    }

    /// How often values were hashed and compared while so many handlers were added, and removed in another order.
    private func questions(toAddAndRemove count: Int, _ kind: Kind) throws -> Int {
        let questions = Tally()
        let dispatcher = EventDispatcher()
        let subscriptions = try (0..<count).map { number in
            try dispatcher.on(Ledger.self, where: filter(kind, number, questions)) { _ in }
        }
        for index in stride(from: 0, to: count, by: 2) { subscriptions[index].cancel() }
        for index in stride(from: count - 1, to: 0, by: -2) { subscriptions[index].cancel() }
        return questions.value
    }

    private func filter(_ kind: Kind, _ number: Int, _ questions: Tally = Tally()) -> Filter<Ledger>? {
        let number = AskedNumber(number, questions)
        return switch kind {
        case .none: nil
        case .sameValue: \.number == AskedNumber(1, questions)
        case .values: \.number == number && \.name != "a"
        case .closure: Filter { _ in true }
        case .prefixes: Filter(\.name, hasPrefix: "name \(number.value)")
        case .patterns: Filter(\.name, matches: "name.*.\(number.value).**")
        case .ranges: Filter(\.number, in: number..<AskedNumber(number.value + 10, questions))
        case .bounds: \.number > number
        case .elements: Filter(\.tags, contains: number)
        case .negations: \.number != number
        }
    }
}

/// A number that counts how often it is hashed and compared, beside others that count together.
private struct AskedNumber: Hashable, Comparable, Sendable {
    let value: Int
    private let questions: Tally

    init(_ value: Int, _ questions: Tally) {
        self.value = value
        self.questions = questions
    }

    static func == (left: Self, right: Self) -> Bool {
        left.questions.increment()
        return left.value == right.value
    }

    static func < (left: Self, right: Self) -> Bool {
        left.questions.increment()
        return left.value < right.value
    }

    func hash(into hasher: inout Hasher) {
        questions.increment()
        hasher.combine(value)
    }
}

private struct Ledger: MatchableEvent {
    let number: AskedNumber
    let name: String
    let tags: [AskedNumber]

    struct MatchKeys: MatchKeySet {
        let number = Key(\.number)
        let name = Key(\.name)
        let tags = Key(\.tags)
    }
}
