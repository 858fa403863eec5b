import EventDispatch
import EventDispatchTesting
import TestSupport
import Testing

/// Texts that are chosen to be taken for each other.
@Suite(.timeLimit(.minutes(10))) struct CollidingTextTests {
    /// Registers a handler for each text, and finds those that an event with another reaches.
    private func reached(by fired: [String], of registered: [String]) throws -> [[Int]] {
        let probe = try FilterProbe<Sample<String>>(registered.map { \.value == $0 })
        return try fired.map { try probe.reached(by: Sample($0)) }
    }

    @Test func `a text finds every text that it is equal to`() throws {
        let ascii = (0..<128).map { String(Unicode.Scalar($0)) }
        let known = Set(ascii)
        let scalars = (128..<scaled(0x3000, full: 0x11_0000)).compactMap { Unicode.Scalar(UInt32($0)) }
        let foreign = scalars.map { String($0) }
        let equivalent = foreign.filter(known.contains)
        #expect(equivalent == ["\u{37E}", "\u{1FEF}", "\u{212A}"])
        let spellings: [(ascii: String, other: String)] = equivalent.flatMap { other in
            let plain = ascii.first { $0 == other } ?? ""
            return ["", "1234567", "12345678", "a longer text"].map { ($0 + plain + "x", $0 + other + "x") }
        }
        let (plain, other) = (spellings.map(\.ascii), spellings.map(\.other))
        let expected = plain.indices.map { [$0] }
        #expect(try reached(by: other, of: plain) == expected)
        #expect(try reached(by: plain, of: other) == expected)
    }

    @Test func `texts that differ in zeros, in length or in their order are told apart`() throws {
        let (one, two) = ("abcdefgh", "ABCDEFGH")
        let texts = [
            "", "\0", "\0\0", "\0\0\0\0\0\0\0\0", "a", "a\0", "\0a", "a\0\0\0\0\0\0\0", "\0\0\0\0\0\0\0a",
            one, one + "\0", one + one, one + two, two + one, two + two, one + one + one, "\u{7F}", "\u{80}",
            "abcdefg", "bcdefgh", "hgfedcba", one + "i", "i" + one, "é", "e\u{301}x", "éx\0",
        ]
        let expected = texts.map { text in texts.indices.filter { texts[$0] == text } }
        #expect(try reached(by: texts, of: texts) == expected)
    }

    /// Pairs of the same hash, put together in all ways: of the same hash again, in functions that go from one byte to the next.
    private static func colliding(_ pair: (String, String), blocks: Int) -> [String] {
        (0..<1 << blocks).map { number in
            (0..<blocks).map { number >> $0 & 1 == 0 ? pair.0 : pair.1 }.joined()
        }
    }

    @Test(arguments: [("Aa", "BB"), ("8yn0iYCKYHlIj4-BwPqk", "GReLUrM4wMqfg9yzV3KQ")])
    func `texts of the same hash elsewhere are found one by one`(pair: (String, String)) throws {
        let texts = Self.colliding(pair, blocks: scaled(7, full: 12))
        let equalities = try FilterProbe<Sample<String>>(texts.map { \.value == $0 })
        let prefixes = try FilterProbe<Sample<String>>(texts.map { Filter(\.value, hasPrefix: $0) })
        for (index, text) in texts.enumerated() {
            #expect(try equalities.reached(by: Sample(text)) == [index])
            #expect(try prefixes.reached(by: Sample(text + "!")) == [index])
        }
        #expect(try equalities.reached(by: Sample(texts[0] + pair.1)).isEmpty)
    }

    @Test func `an optional text and an element are found as a text is`() throws {
        let optional = try FilterProbe<Sample<String?>>((0..<20).map { \.value == "K\($0)" } + [\.value == nil])
        #expect(try optional.reached(by: Sample("\u{212A}7")) == [7])
        #expect(try optional.reached(by: Sample(nil)) == [20])
        #expect(try optional.reached(by: Sample("K")).isEmpty)
        let elements = try FilterProbe<Sample<[String]>>((0..<20).map { Filter(\.value, contains: "K\($0)") })
        #expect(try elements.reached(by: Sample(["\u{212A}7", "K3", "é"])) == [3, 7])
    }
}
