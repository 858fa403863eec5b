import EventDispatch
import EventDispatchTesting
import Testing

/// Texts of many megabytes, patterns that make others backtrack, values whose hashes collide.
@Suite(.timeLimit(.minutes(2))) struct HugeTextTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = EventSubscriptions()

    private func note(_ name: String, where filter: Filter<Sample<String>>) throws {
        bag.insert(try dispatcher.on(Sample<String>.self, where: filter) { [journal] _ in journal.note(name) })
    }

    @Test func textsOfTenMegabytesAreKeys() throws {
        let megabytes = String(repeating: "shop.order.", count: 1_000_000)
        try note("equal", where: \.value == megabytes + "x")
        try note("one of", where: Filter(\.value, in: [megabytes + "x", megabytes]))
        try note("prefix", where: Filter(\.value, hasPrefix: megabytes))
        try note("suffix", where: Filter(\.value, hasSuffix: megabytes))
        try note("contains", where: Filter(\.value, contains: megabytes))
        try note("pattern", where: Filter(\.value, matches: megabytes + "*"))
        try note("above", where: \.value > megabytes)
        try dispatcher.fireSynchronously(Sample(megabytes + "x"))
        #expect(journal.entries == ["equal", "one of", "prefix", "contains", "pattern", "above"])
        try dispatcher.fireSynchronously(Sample(megabytes))
        #expect(Array(journal.entries.dropFirst(6)) == ["one of", "prefix", "suffix", "contains", "pattern"])
    }

    @Test func aPatternOfManyWildcardsDoesNotBacktrack() throws {
        let stars = String(repeating: "*.a.", count: 5_000)
        try note("fits", where: Filter(\.value, matches: stars + "**"))
        try note("fits not", where: Filter(\.value, matches: stars + "b"))
        try dispatcher.fireSynchronously(Sample(String(repeating: "a.", count: 10_000) + "a"))
        #expect(journal.entries == ["fits"])
    }

    @Test func aThousandPatternsThatAgreeAtFirstAreToldApart() throws {
        for last in 0..<1_000 {
            try note("\(last)", where: Filter(\.value, matches: "*.*.*.*.*.*.*.*.*.*.\(last)"))
        }
        try dispatcher.fireSynchronously(Sample("a.a.a.a.a.a.a.a.a.a.999"))
        try dispatcher.fireSynchronously(Sample("a.a.a.a.a.a.a.a.a.999"))
        #expect(journal.entries == ["999"])
    }

    @Test func aTextOfDotsIsANameOfEmptyTokens() throws {
        try note("fits", where: Filter(\.value, matches: "*.*.**"))
        try dispatcher.fireSynchronously(Sample(String(repeating: ".", count: 1_000_000)))
        try dispatcher.fireSynchronously(Sample(""))
        #expect(journal.entries.count <= 1)
        #expect(
            (journal.entries == ["fits"]) == Filter<Sample<String>>(\.value, matches: "*.*.**").matches(Sample(".."))
        )
    }

    @Test func valuesThatAllCollideAreToldApart() throws {
        let starts = Tally()
        for number in 0..<2_000 {
            bag.insert(
                try dispatcher.on(Sample<Colliding>.self, where: \.value == Colliding(number: number)) { _ in
                    starts.increment()
                }
            )
        }
        for number in 0..<2_100 { try dispatcher.fireSynchronously(Sample(Colliding(number: number))) }
        #expect(starts.value == 2_000)
        bag.cancelAll()
        try dispatcher.fireSynchronously(Sample(Colliding(number: 7)))
        #expect(starts.value == 2_000)
    }

    private struct Colliding: Hashable {
        let number: Int
        func hash(into hasher: inout Hasher) {}
    }
}
