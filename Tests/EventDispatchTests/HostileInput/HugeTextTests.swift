import EventDispatch
import EventDispatchTesting
import TestSupport
import Testing

/// Long texts, patterns that make others backtrack, values whose hashes collide.
@Suite(.timeLimit(.minutes(10))) struct HugeTextTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = SubscriptionBag()

    private func note(_ name: String, where filter: Filter<Sample<String>>) throws {
        bag.insert(try dispatcher.on(Sample<String>.self, where: filter) { [journal] _ in journal.note(name) })
    }

    @Test func `long texts are keys`() throws {
        let long = String(repeating: "shop.order.", count: scaled(20_000, full: 1_000_000))
        try note("equal", where: \.value == long + "x")
        try note("one of", where: Filter(\.value, in: [long + "x", long]))
        try note("prefix", where: Filter(\.value, hasPrefix: long))
        try note("suffix", where: Filter(\.value, hasSuffix: long))
        try note("contains", where: Filter(\.value, contains: long))
        try note("pattern", where: Filter(\.value, matches: long + "*"))
        try note("above", where: \.value > long)
        try dispatcher.fireSynchronously(Sample(long + "x"))
        #expect(journal.entries == ["equal", "one of", "prefix", "contains", "pattern", "above"])
        try dispatcher.fireSynchronously(Sample(long))
        #expect(Array(journal.entries.dropFirst(6)) == ["one of", "prefix", "suffix", "contains"])
    }

    @Test func `a pattern of many wildcards does not backtrack`() throws {
        let tokens = scaled(1_000, full: 10_000)
        let stars = String(repeating: "*.a.", count: tokens / 2)
        try note("fits", where: Filter(\.value, matches: stars + "**"))
        try note("fits not", where: Filter(\.value, matches: stars + "b"))
        try dispatcher.fireSynchronously(Sample(String(repeating: "a.", count: tokens) + "a"))
        #expect(journal.entries == ["fits"])
    }

    @Test func `many patterns that agree at first are told apart`() throws {
        let patterns = scaled(100, full: 1_000)
        for last in 0..<patterns {
            try note("\(last)", where: Filter(\.value, matches: "*.*.*.*.*.*.*.*.*.*.\(last)"))
        }
        try dispatcher.fireSynchronously(Sample("a.a.a.a.a.a.a.a.a.a.\(patterns - 1)"))
        try dispatcher.fireSynchronously(Sample("a.a.a.a.a.a.a.a.a.\(patterns - 1)"))
        #expect(journal.entries == ["\(patterns - 1)"])
    }

    @Test func `a text of dots is a name of empty tokens`() throws {
        try note("fits", where: Filter(\.value, matches: "*.*.**"))
        try dispatcher.fireSynchronously(Sample(String(repeating: ".", count: scaled(20_000, full: 1_000_000))))
        try dispatcher.fireSynchronously(Sample(""))
        #expect(journal.entries.count <= 1)
        #expect(
            (journal.entries == ["fits"]) == Filter<Sample<String>>(\.value, matches: "*.*.**").matches(Sample(".."))
        )
    }

    @Test func `values that all collide are told apart`() throws {
        let values = scaled(200, full: 2_000)
        let starts = Tally()
        for number in 0..<values {
            bag.insert(
                try dispatcher.on(Sample<Colliding>.self, where: \.value == Colliding(number: number)) { _ in
                    starts.increment()
                }
            )
        }
        for number in 0..<values + 100 { try dispatcher.fireSynchronously(Sample(Colliding(number: number))) }
        #expect(starts.value == values)
        bag.cancel()
        try dispatcher.fireSynchronously(Sample(Colliding(number: 7)))
        #expect(starts.value == values)
    }

    private struct Colliding: Hashable {
        let number: Int
        func hash(into hasher: inout Hasher) {}
    }
}
