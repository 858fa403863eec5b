import EventDispatch
import Testing

/// What an explanation says of the keys and of the tables that they are looked up in.
@Suite(.timeLimit(.minutes(10))) struct ExplainedLookupTests {
    private let dispatcher = EventDispatcher()
    private let subscriptions = SubscriptionBag()

    private func subscribe(_ filter: Filter<Parcel>?, line: Int = #line) throws {
        subscriptions.insert(try dispatcher.on(Parcel.self, where: filter, line: line) { _ in })
    }

    @Test func `a key is told with its value its tables and what they have for it`() throws {
        for size in [Parcel.Size.small, .small, .large] { try subscribe(\.size == size) }
        let explanation = dispatcher.explain(Parcel())
        #expect(explanation.keys.map(\.key) == ["size"])
        #expect(explanation.keys.map(\.value) == [".small"])
        #expect(explanation.keys[0].tables.map(\.table) == ["values"])
        #expect(explanation.keys[0].tables.map(\.values) == [2])
        #expect(explanation.keys[0].tables.map(\.entries) == [3])
        #expect(explanation.keys[0].tables.map(\.candidates) == [2])
        #expect("\(explanation.keys[0])" == #"\.size: .small → values (2 values, 3 entries): 2 candidates"#)
    }

    @Test(arguments: [
        (Filter<Parcel>(\.to, is: "Oslo"), "values"),
        (Filter(\.to, hasPrefix: "Os"), "prefixes"),
        (Filter(\.to, hasSuffix: "lo"), "suffixes"),
        (Filter(\.to, matches: "*"), "patterns"),
        (Filter(\.weight, in: 0..<10), "ranges"),
        (Filter(\.weight, atLeast: 3), "lower bounds"),
        (Filter(\.weight, lessThan: 10), "upper bounds"),
        (Filter(\.note, .isNil), "nil"),
        (Filter(\.tags, contains: "fragile"), "elements"),
    ])
    func `every table goes by its name`(filter: Filter<Parcel>, name: String) throws {
        try subscribe(filter)
        let tables = dispatcher.explain(Parcel(tags: ["fragile"])).keys.flatMap(\.tables)
        #expect(tables.map(\.table) == [name])
        #expect(tables.map(\.candidates) == [1])
        #expect(dispatcher.explain(Parcel(to: "", weight: -100, note: "")).keys[0].tables.count == 1)
    }

    @Test func `candidates are counted before the rest of their filters is checked`() throws {
        try subscribe(\.to == "Oslo" && \.weight == 1)
        try subscribe(\.to == "Oslo" && \.weight == 2)
        try subscribe(\.weight == 3)
        try subscribe(\.weight == 3)
        let explanation = dispatcher.explain(Parcel())
        let found = explanation.keys.flatMap { key in key.tables.map(\.candidates) }.reduce(0, +)
        #expect(found == 1)
        #expect(explanation.matched.isEmpty)
    }

    @Test func `a range that does not contain the value is no candidate`() throws {
        for start in 0..<20 { try subscribe(Filter(\.weight, in: start..<start + 5)) }
        #expect(dispatcher.explain(Parcel()).keys[0].tables.map(\.candidates) == [5])
    }

    @Test func `a key that is only checked has no tables`() throws {
        try subscribe(\.to == "Oslo" && Filter(\.note, contains: "x"))
        let keys = dispatcher.explain(Parcel(note: "box")).keys
        #expect(keys.map(\.key).sorted() == ["note", "to"])
        #expect(keys.first { $0.key == "note" }?.description == #"\.note: "box" → checked only"#)
    }

    @Test func `a key that no filter names any more is left out`() throws {
        let first = try dispatcher.on(Parcel.self, where: \.to == "Oslo") { _ in }
        try subscribe(\.weight == 7)
        first.cancel()
        #expect(dispatcher.explain(Parcel()).keys.map(\.key) == ["weight"])
    }

    @Test func `handlers that were cancelled are no candidates`() throws {
        let first = try dispatcher.on(Parcel.self, where: \.to == "Oslo") { _ in }
        try subscribe(\.to == "Oslo")
        first.cancel()
        #expect(dispatcher.explain(Parcel()).keys[0].tables.map(\.candidates) == [1])
        #expect(dispatcher.explain(Parcel()).keys[0].tables.map(\.entries) == [1])
    }

    @Test func `a long value is cut`() throws {
        try subscribe(\.to == "Oslo")
        let value = dispatcher.explain(Parcel(to: String(repeating: "x", count: 100_000))).keys[0].value
        #expect(value == "\"" + String(repeating: "x", count: 79) + "…")
    }

    @Test func `handlers that nothing can be indexed of are named as scanned`() throws {
        try subscribe(\.to == "Oslo")
        for line in 1...6 { try subscribe(Filter { parcel in parcel.weight == 7 }, line: line) }
        try subscribe(\.size != .small || \.to == "Oslo", line: 7)
        let scanned = dispatcher.explain(Parcel()).scanned
        #expect(scanned.count == 7)
        #expect(scanned.examples.allSatisfy { $0.filter == "{ … }" })
        #expect(scanned.examples.map(\.handler.location.line) == [1, 2, 3, 4, 5])
    }

    @Test func `handlers without a filter are counted`() throws {
        try subscribe(nil)
        try subscribe(nil)
        try subscribe(\.to == "Oslo")
        #expect(dispatcher.explain(Parcel()).unfiltered == 2)
    }
}
