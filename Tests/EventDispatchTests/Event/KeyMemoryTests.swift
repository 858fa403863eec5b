import EventDispatch
import TestSupport
import Testing

/// Keys that a program makes up as it goes, by a subscript in its `MatchKeys`, go with the dispatchers that they were used with.
@Suite(.timeLimit(.minutes(10))) struct KeyMemoryTests {
    /// What a key is made for, which only the key keeps.
    private final class Column: Hashable, Sendable {
        private let freed: Tally

        init(_ freed: Tally) { self.freed = freed }

        deinit { freed.increment() }

        static func == (left: Column, right: Column) -> Bool { left === right }
        func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
    }

    private struct Row: MatchableEvent {
        let cells: [Int]

        subscript(column: Column) -> Int { cells[0] }

        struct MatchKeys: MatchKeySet {
            let cells = Key(\.cells)

            subscript(column: Column) -> Key<Int> { Key(\.[column], name: "column") }
        }
    }

    @Test func `keys that a subscript makes go with their dispatcher`() throws {
        let freed = Tally()
        do {
            let dispatcher = EventDispatcher()
            let subscriptions = SubscriptionBag()
            for _ in 0..<300 {
                let column = Column(freed)
                subscriptions.insert(try dispatcher.on(Row.self, where: Filter(\.[column], is: 1)) { _ in })
                #expect(Filter<Row>(\.[column], is: 1).matches(Row(cells: [1])))
            }
            #expect(freed.value == 0)
            #expect(try dispatcher.fireSynchronously(Row(cells: [1])).matched == 300)
            subscriptions.cancel()
        }
        #expect(freed.value == 300)
    }

    @Test func `keys of key paths that live side by side go with them`() {
        let freed = Tally()
        do {
            let paths = (0..<300).map { _ in
                let column = Column(freed)
                return \Row.MatchKeys.[column] as KeyPath<Row.MatchKeys, MatchKey<Row, Int>>
            }
            #expect(paths.allSatisfy { Filter($0, is: 1).matches(Row(cells: [1])) })
            withExtendedLifetime(paths) { #expect(freed.value == 0) }
        }
        #expect(freed.value == 300)
    }

    @Test func `one key is made and forgotten by many threads at once`() async {
        let column = Column(Tally())
        let rounds = scaled(1_000, full: 500_000)
        let matches = await onThreads(4) { _ in
            (0..<rounds).count { _ in Filter<Row>(\.[column], is: 1).matches(Row(cells: [1])) }
        }
        #expect(matches == [rounds, rounds, rounds, rounds])
    }

    @Test func `a key of a subscript is one key whoever names it`() throws {
        let dispatcher = EventDispatcher()
        let column = Column(Tally())
        let filter: Filter<Row> = Filter(\.[column], is: 1)
        let subscriptions = try (0..<3).map { _ in
            try dispatcher.on(Row.self, where: filter && Filter(\.[column], in: [1, 2])) { _ in }
        }
        #expect(dispatcher.explain(Row(cells: [1])).keys.map(\.key) == ["column"])
        #expect(try dispatcher.fireSynchronously(Row(cells: [1])).matched == 3)
        for subscription in subscriptions { subscription.cancel() }
    }

    @Test func `a key path that is kept names its key again and again`() throws {
        let freed = Tally()
        let dispatcher = EventDispatcher()
        do {
            let path: KeyPath<Row.MatchKeys, MatchKey<Row, Int>> = \.[Column(freed)]
            for number in 0..<5 {
                let subscription = try dispatcher.on(Row.self, where: Filter(path, is: number)) { _ in }
                #expect(try dispatcher.fireSynchronously(Row(cells: [number])).matched == 1)
                subscription.cancel()
            }
            #expect(freed.value == 0)
        }
    }
}
