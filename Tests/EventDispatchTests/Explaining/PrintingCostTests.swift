import EventDispatch
import Testing

/// Of what is cut when it is printed, no more is made than is shown.
@Suite(.timeLimit(.minutes(10))) struct PrintingCostTests {
    private let dispatcher = EventDispatcher()
    private let bag = SubscriptionBag()
    private let described = Tally()

    /// A value that counts how often it is described.
    private struct Described: Hashable, Sendable, CustomStringConvertible {
        let number: Int
        let count: Tally

        var description: String {
            count.increment()
            return "described \(number)"
        }

        static func == (left: Self, right: Self) -> Bool { left.number == right.number }
        func hash(into hasher: inout Hasher) { hasher.combine(number) }
    }

    private func value(_ number: Int) -> Described { Described(number: number, count: described) }

    private func subscribe(_ filter: Filter<Sample<Described>>) throws {
        bag.insert(try dispatcher.on(Sample<Described>.self, where: filter) { _ in })
    }

    @Test func `an explanation describes no more members than it shows`() throws {
        try subscribe(Filter(\.value, in: Set((0..<10_000).map(value))))
        try subscribe(Filter(\.value, in: (0..<10_000).map(value)))
        try subscribe((1..<1_000).reduce(\.value == value(0)) { $0 || \.value == value($1) })
        let explanation = dispatcher.explain(Sample(value(-1)))
        #expect(explanation.obstacles.map(\.handlers).reduce(0, +) == 3)
        #expect(explanation.obstacles.allSatisfy { $0.condition?.unicodeScalars.count == 201 })
        #expect(described.value < 500)
        let before = described.value
        #expect(dispatcher.explain(Sample(value(7))).matched.allSatisfy { $0.filter?.unicodeScalars.count == 201 })
        #expect(described.value - before < 500)
    }

    @Test func `a listing describes no more than it shows`() throws {
        try subscribe(Filter(\.value, in: Set((0..<10_000).map(value))))
        try subscribe((1..<1_000).reduce(\.value == value(0)) { $0 || \.value == value($1) })
        let filters = dispatcher.handlers.compactMap(\.filter)
        #expect(filters.map(\.unicodeScalars.count) == [201, 201])
        #expect(filters.allSatisfy { $0.hasSuffix("…") })
        #expect(described.value < 500)
    }

    @Test func `a refusal describes no more than it shows`() throws {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(Sample<Described>.self) {
                    for number in 0..<2_000 { Where(\.value == value(number)) }
                    Handle { _ in }
                }
            }
        }
        #expect(error?.code == .neverMatches)
        let alternatives = refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(Sample<Described>.self) {
                    AnyOf {
                        for number in 0..<2_000 {
                            Where(\.value == value(number) && \.value == value(-1))
                        }
                    }
                    Handle { _ in }
                }
            }
        }
        #expect(alternatives?.code == .neverMatches)
        #expect((alternatives?.message.count ?? .max) < 1_500)
        #expect(described.value < 1_000)
    }

    @Test func `a collection is described as far as it is shown`() throws {
        let dispatcher = EventDispatcher()
        let lists = try dispatcher.on(Sample<[Described]>.self, where: Filter(\.value, contains: value(-1))) { _ in }
        let nested = try dispatcher.on(Sample<Crate>.self, where: \.value == Crate(parts: [])) { _ in }
        let parts = (0..<10_000).map(value)
        #expect(dispatcher.explain(Sample(parts)).obstacles.map(\.value?.unicodeScalars.count) == [81])
        #expect(dispatcher.explain(Sample(Crate(parts: parts))).obstacles.map(\.value?.unicodeScalars.count) == [81])
        #expect(described.value < 100)
        lists.cancel()
        nested.cancel()
    }

    /// A value without a description of its own.
    private struct Crate: Hashable, Sendable {
        let parts: [Described]
    }

    @Test func `a text is cut wherever it stands`() throws {
        let texts = try dispatcher.on(Sample<String>.self, where: \.value == "x") { _ in }
        let long = String(repeating: "x", count: 1_000)
        let letter = "e" + String(repeating: "\u{301}", count: 1_000)
        #expect(dispatcher.explain(Sample(long)).keys.map(\.value) == ["\"" + long.prefix(79) + "…"])
        let value = try #require(dispatcher.explain(Sample(letter)).keys.first?.value)
        #expect(value.unicodeScalars.count <= 81)
        texts.cancel()
    }

    @Test func `what fits is shown as a whole`() throws {
        let fits = String(repeating: "x", count: 78)
        let texts = try dispatcher.on(Sample<String>.self, where: \.value == "x") { _ in }
        #expect(dispatcher.explain(Sample(fits)).keys.map(\.value) == ["\"\(fits)\""])
        #expect(dispatcher.explain(Sample(fits + "x")).keys.map(\.value) == ["\"\(fits)x…"])
        texts.cancel()
    }
}
