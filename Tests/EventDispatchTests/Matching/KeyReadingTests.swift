import EventDispatch
import Testing

@Suite(.timeLimit(.minutes(10))) struct KeyReadingTests {
    private let dispatcher = EventDispatcher()
    private let subscriptions = SubscriptionBag()
    private let event = Metered(number: 5)

    @Test func `a key is read once however many filters use it`() throws {
        for number in 0..<50 { try register(\.number == number) }
        try register(Filter(\.number, in: 0..<7))
        try register(Filter(\.number, in: [1, 5, 9]))
        try register(\.number > 3)
        try register(\.number <= 5)
        try register(\.number != 4)
        try register(Filter(not: Filter(\.number, in: 6...8)))
        try register(\.number == 5 && \.other != 0)
        try register(\.other == 1 || \.number == 5)
        try dispatcher.fireSynchronously(event)
        #expect(event.numberReads.value == 1)
        #expect(event.otherReads.value == 1)
    }

    @Test func `a key that no filter uses is not read`() throws {
        try register(\.other == 5)
        try dispatcher.fireSynchronously(event)
        #expect(event.numberReads.value == 0)
        #expect(event.otherReads.value == 1)
    }

    @Test func `no key is read where nobody filters`() throws {
        subscriptions.insert(try dispatcher.on(Metered.self) { _ in })
        try dispatcher.fireSynchronously(event)
        #expect(event.numberReads.value == 0)
    }

    @Test func `a key whose last filter is gone is not read any more`() throws {
        let subscription = try dispatcher.on(Metered.self, where: \.number == 5) { _ in }
        try register(\.other == 5)
        subscription.cancel()
        try dispatcher.fireSynchronously(event)
        #expect(event.numberReads.value == 0)
    }

    @Test func `a key that only stands beside another is read only where the other holds`() throws {
        try register(\.other == 6 && \.number != 1)
        try dispatcher.fireSynchronously(event)
        #expect(event.numberReads.value == 0)
    }

    @Test func `an awaited fire reads a key once`() async throws {
        for number in 0..<20 {
            subscriptions.insert(try dispatcher.on(Metered.self, where: \.number >= number) { _ in await Task.yield() })
        }
        let report = try await dispatcher.fire(event, detail: .all)
        #expect(report.matched == 6)
        #expect(event.numberReads.value == 1)
    }

    @Test func `a key that only a negation uses is right`() throws {
        let probe = try FilterProbe<Metered>([
            \.number != 5, Filter(not: Filter(\.number, in: 5..<7)), !(\.number != 5),
        ])
        #expect(try probe.reached(by: Metered(number: 5)) == [2])
        #expect(try probe.reached(by: Metered(number: 6)) == [0])
        #expect(try probe.reached(by: Metered(number: 7)) == [0, 1])
    }

    @Test func `a key that only a closure uses is right`() throws {
        let probe = try FilterProbe<Metered>([Filter { $0.number == 5 }, Filter { $0.number == 5 } && \.other != 5])
        #expect(try probe.reached(by: Metered(number: 5)) == [0])
        #expect(try probe.reached(by: Metered(number: 6)) == [])
    }

    private func register(_ filter: Filter<Metered>) throws {
        subscriptions.insert(try dispatcher.on(Metered.self, where: filter) { _ in })
    }
}

/// Counts how often its keys are read.
private struct Metered: MatchableEvent {
    private let value: Int
    let numberReads = Tally()
    let otherReads = Tally()

    init(number: Int) { value = number }

    var number: Int {
        numberReads.increment()
        return value
    }
    var other: Int {
        otherReads.increment()
        return value
    }

    struct MatchKeys: MatchKeySet {
        let number = Key(\.number)
        let other = Key(\.other)
    }
}
