import EventDispatch
import Testing

/// Bounds whose `<` is no order, as that of numbers that may be NaN, or only a partial one.
@Suite(.timeLimit(.minutes(10))) struct OddOrderTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test(arguments: [true, false])
    func `a bound that is level with all can be taken out`(isLower: Bool) throws {
        let sign = isLower ? 1.0 : -1.0
        let comparisons = Tally()
        let odd = Level(.nan, comparisons)
        let taken = try dispatcher.on(Measured.self, where: isLower ? \.level > odd : \.level < odd) { _ in }
        let five = Level(5 * sign)
        let loose = try dispatcher.on(Measured.self, where: isLower ? \.level >= five : \.level <= five) {
            [journal] _ in journal.note("5")
        }
        let three = Level(3 * sign)
        let strict = try dispatcher.on(Measured.self, where: isLower ? \.level > three : \.level < three) {
            [journal] _ in journal.note("3")
        }
        taken.cancel()
        let before = comparisons.value
        for level in [3.0, 4, 5, 6] { try dispatcher.fireSynchronously(Measured(level: Level(level * sign))) }
        #expect(comparisons.value == before)
        #expect(journal.entries == ["3", "5", "3", "5", "3"])
        loose.cancel()
        strict.cancel()
    }

    // MARK: Texts

    /// Pairs of which Swift's `<` says now one thing, now another, and texts around them.
    private static let oddTexts = [
        "e\u{301}", "\u{E9}", "\u{E9}a", "e\u{301}a", "e\u{301}A", "K", "\u{212A}", "\u{212A}a", "Ka", "Kz", "e", "ea",
        "f", "", "a", "\u{D4DB}", "\u{D4CC}\u{11B6}", "\u{AC00}", "\u{1100}\u{1161}", "\u{416}", "\u{438}\u{306}",
        "\u{439}x", "\u{1F469}", "\u{301}", "\u{E9}\u{327}", "e\u{327}\u{301}", "e\u{301}\u{327}",
    ]

    @Test func `a condition on the order of texts holds alone as beside others`() throws {
        let filters = Self.oddTexts.flatMap { text -> [Filter<Sample<String>>] in
            [\.value < text, \.value <= text, \.value > text, \.value >= text, Filter(\.value, in: text...)]
        }
        try expectSameVerdicts(filters, Self.oddTexts)
        try expectSameVerdicts(filters.reversed(), Self.oddTexts)
        let parts = Self.oddTexts.flatMap { text -> [Filter<Sample<Substring>>] in
            [\.value < text[...], \.value >= text[...]]
        }
        try expectSameVerdicts(parts, Self.oddTexts.map { $0[...] })
        let letters = Self.oddTexts.compactMap { $0.count == 1 ? Character($0) : nil }
        let characters = letters.flatMap { letter -> [Filter<Sample<Character>>] in
            [\.value < letter, \.value >= letter]
        }
        try expectSameVerdicts(characters, letters)
    }

    @Test func `ranges of texts hold alone as beside others`() throws {
        var filters: [Filter<Sample<String>>] = []
        for low in Self.oddTexts {
            for high in Self.oddTexts where low <= high {
                filters += [Filter(\.value, in: low..<high), Filter(\.value, in: low...high)]
            }
        }
        try expectSameVerdicts(filters.filter { !isRefused($0) }, Self.oddTexts)
    }

    @Test func `no filter on the order of texts is refused that holds for one`() throws {
        var filters: [Filter<Sample<String>>] = []
        for first in Self.oddTexts {
            for second in Self.oddTexts {
                filters += [
                    \.value < first && \.value >= second, \.value <= first && \.value > second,
                    \.value == first && \.value > second, \.value == first && \.value < second,
                    \.value <= first && \.value >= second, \.value < first && \.value > second,
                ]
                if first <= second { filters.append(Filter(\.value, in: first..<second)) }
            }
        }
        let refused = filters.filter { isRefused($0) }
        for filter in refused {
            for text in Self.oddTexts where filter.matches(Sample(text)) {
                Issue.record("\(filter) is refused and holds for \(text.unicodeScalars.map(\.value))")
            }
        }
        #expect(isRefused(Filter(\.value, in: "a"..<"a")) && isRefused(\.value < "a" && \.value >= "a"))
    }

    @Test func `an event meets only the ordinary texts that it passes`() throws {
        let dispatcher = EventDispatcher()
        let subscriptions = SubscriptionBag()
        for number in (0..<1_000).shuffled() {
            let text = "\u{E9}t\u{E9} \(number + 1_000)"
            subscriptions.insert(try dispatcher.on(Sample<String>.self, where: \.value >= text) { _ in })
        }
        let explanation = dispatcher.explain(Sample("\u{E9}t\u{E9} 1004"))
        #expect(explanation.matched.count == 5)
        #expect(explanation.keys.flatMap(\.tables).map(\.table) == ["lower bounds"])
        #expect(explanation.keys.flatMap(\.tables).map(\.candidates) == [5])
        #expect(explanation.scanned.count == 0)
    }

    @Test func `a condition on a type that orders itself by texts holds alone as beside others`() throws {
        let tags = Self.oddTexts.map(Tag.init)
        let filters = tags.flatMap { tag -> [Filter<Sample<Tag>>] in
            [\.value < tag, \.value <= tag, \.value > tag, \.value >= tag, Filter(\.value, in: tag...)]
        }
        for _ in 0..<5 { try expectSameVerdicts(filters.shuffled(), tags) }
    }

    @Test func `no filter on a type that orders itself by texts is refused that holds for one`() throws {
        let tags = Self.oddTexts.map(Tag.init)
        for first in tags {
            for second in tags {
                let filters: [Filter<Sample<Tag>>] = [
                    \.value < first && \.value >= second, \.value <= first && \.value > second,
                    \.value == first && \.value > second, \.value == first && \.value < second,
                ]
                for filter in filters where isRefused(filter) {
                    #expect(!tags.contains { filter.matches(Sample($0)) }, "\(filter)")
                }
            }
        }
    }

    // MARK: Partial orders

    @Test func `a condition on a partial order holds alone as beside others`() throws {
        let plots = (0..<25).map { Plot(x: $0 / 5, y: $0 % 5) }
        for _ in 0..<20 {
            let filters = plots.shuffled().prefix(12).flatMap { plot -> [Filter<Sample<Plot>>] in
                [\.value < plot, \.value <= plot, \.value > plot, \.value >= plot].shuffled()
            }
            try expectSameVerdicts(filters, plots)
        }
    }

    @Test func `a condition on the order of sets holds alone as beside others`() throws {
        let subsets = (0..<16).map { Subset(bits: $0) }
        for _ in 0..<20 {
            let filters = subsets.shuffled().flatMap { subset -> [Filter<Sample<Subset>>] in
                [\.value < subset, \.value <= subset, \.value > subset, \.value >= subset].shuffled()
            }
            try expectSameVerdicts(filters, subsets)
        }
    }

    @Test func `no filter on a partial order is refused that holds for a value`() {
        let plots = (0..<16).map { Plot(x: $0 / 4, y: $0 % 4) }
        for first in plots {
            for second in plots {
                let filters: [Filter<Sample<Plot>>] = [
                    \.value < first && \.value >= second, \.value <= first && \.value > second,
                    \.value <= first && \.value >= second, \.value < first && \.value > second,
                ]
                for filter in filters where isRefused(filter) {
                    #expect(!plots.contains { filter.matches(Sample($0)) }, "\(filter)")
                }
            }
        }
        #expect(isRefused(\.value < plots[0] && \.value >= plots[0]))
    }

    @Test func `values of a partial order come and go`() throws {
        let plots = (0..<16).map { Plot(x: $0 / 4, y: $0 % 4) }
        let bounds = plots.shuffled()
        let probe = try FilterProbe<Sample<Plot>>(bounds.map { \.value > $0 } + bounds.map { \.value >= $0 })
        for index in (0..<probe.count).shuffled() {
            for plot in [Plot(x: 3, y: 3), Plot(x: 2, y: 1), Plot(x: 0, y: 3)] {
                let reached = try probe.reached(by: Sample(plot))
                #expect(Set(reached).isSubset(of: probe.holding(for: Sample(plot))))
            }
            probe.cancel(index)
        }
        #expect(probe.count == 0)
    }

    /// Whether filters reach the same values beside each other, alone, and when they are asked themselves.
    private func expectSameVerdicts<Value: Sendable>(_ filters: [Filter<Sample<Value>>], _ values: [Value]) throws {
        let together = try FilterProbe(filters)
        var reached = [[Int]](repeating: [], count: values.count)
        for (index, value) in values.enumerated() {
            reached[index] = try together.reached(by: Sample(value))
            let holding = together.holding(for: Sample(value))
            let differing = Set(reached[index]).symmetricDifference(holding).sorted().map { "\(filters[$0])" }
            #expect(differing.isEmpty, "\(value) beside others: \(differing.prefix(3))")
        }
        for (number, filter) in filters.enumerated().shuffled().prefix(20) {
            let alone = try FilterProbe([filter])
            for (index, value) in values.enumerated() {
                let isReached = try !alone.reached(by: Sample(value)).isEmpty
                #expect(isReached == reached[index].contains(number), "\(value), \(filter)")
            }
        }
    }

    private func isRefused<Value: Sendable>(_ filter: Filter<Sample<Value>>) -> Bool {
        refusal { () throws(DispatchError) in
            try EventDispatcher().on(Sample<Value>.self, where: filter) { _ in }
        } != nil
    }
}

/// A value that is less than another when its text is.
private struct Tag: Hashable, Comparable, Sendable {
    let text: String

    static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

/// A value that is less than another when it is so in both respects.
private struct Plot: Comparable, Sendable {
    let x: Int
    let y: Int

    static func < (left: Self, right: Self) -> Bool { left.x < right.x && left.y < right.y }
}

/// A set that is less than those that hold it, with all four operators of its own.
private struct Subset: Comparable, Sendable {
    let bits: Int

    static func < (left: Self, right: Self) -> Bool { left != right && left <= right }
    static func <= (left: Self, right: Self) -> Bool { left.bits & ~right.bits == 0 }
    static func > (left: Self, right: Self) -> Bool { right < left }
    static func >= (left: Self, right: Self) -> Bool { right <= left }
}

private struct Measured: MatchableEvent {
    let level: Level

    struct MatchKeys: MatchKeySet {
        let level = Key(\.level)
    }
}

/// A number that counts how often it is compared.
private struct Level: Comparable, CustomStringConvertible, Sendable {
    private let number: Double
    private let comparisons: Tally

    init(_ number: Double, _ comparisons: Tally = Tally()) {
        self.number = number
        self.comparisons = comparisons
    }

    var description: String { "\(number)" }

    static func == (left: Self, right: Self) -> Bool { compare(left, right) { $0.bitPattern == $1.bitPattern } }
    static func < (left: Self, right: Self) -> Bool { compare(left, right, <) }
    static func > (left: Self, right: Self) -> Bool { compare(left, right, >) }
    static func <= (left: Self, right: Self) -> Bool { compare(left, right, <=) }
    static func >= (left: Self, right: Self) -> Bool { compare(left, right, >=) }

    private static func compare(_ left: Self, _ right: Self, _ compare: (Double, Double) -> Bool) -> Bool {
        left.comparisons.increment()
        right.comparisons.increment()
        return compare(left.number, right.number)
    }
}
