import EventDispatch
import Testing

@Suite(.timeLimit(.minutes(10))) struct TextMatchingTests {
    private static let composed = "\u{E9}"
    private static let decomposed = "e\u{301}"
    private static let kelvin = "\u{212A}"

    @Test(arguments: [composed, decomposed], [composed, decomposed])
    func `both forms of an accented letter are one`(registered: String, fired: String) throws {
        let probe = try FilterProbe<Sample<String>>(
            [
                \.value == "caf" + registered, Filter(\.value, in: ["caf" + registered, "tea"]),
                Filter(\.value, hasPrefix: "caf" + registered), Filter(\.value, hasSuffix: registered),
                Filter(\.value, matches: "caf" + registered), Filter(\.value, contains: registered),
                Filter(\.value, hasPrefix: "cafe"), Filter(\.value, hasSuffix: "\u{301}"),
                \.value != "caf" + registered,
            ] + crowd
        )
        #expect(try probe.reached(by: Sample("caf" + fired)) == [0, 1, 2, 3, 4, 5])
        #expect(try probe.reached(by: Sample("cafe")) == [6, 8])
    }

    @Test(arguments: [composed, decomposed], [composed, decomposed])
    func `an accented letter in a token is one in both forms`(registered: String, fired: String) throws {
        let probe = try FilterProbe<Sample<String>>([
            Filter(\.value, matches: "shop.caf\(registered)"), Filter(\.value, matches: "*.caf\(registered)"),
            Filter(\.value, matches: "*.caf\(registered).**"), Filter(\.value, matches: "shop.*"),
            Filter(\.value, matches: "shop.cafe"),
        ])
        #expect(try probe.reached(by: Sample("shop.caf\(fired)")) == [0, 1, 2, 3])
        #expect(try probe.reached(by: Sample("shop.caf\(fired).menu")) == [2])
    }

    @Test(arguments: ["K", kelvin], ["K", kelvin])
    func `the sign of kelvin is the letter`(registered: String, fired: String) throws {
        let probe = try FilterProbe<Sample<String>>(
            [
                \.value == "300 " + registered, Filter(\.value, hasSuffix: registered),
                Filter(\.value, hasSuffix: "0 " + registered), Filter(\.value, hasPrefix: "300 " + registered),
                Filter(\.value, matches: "300 " + registered),
            ] + crowd
        )
        #expect(try probe.reached(by: Sample("300 " + fired)) == [0, 1, 2, 3, 4])
        #expect(try probe.reached(by: Sample("300 k")).isEmpty)
    }

    @Test(arguments: ["\r\n", "\r", "\n", "a\r\n", "a\r", "\r\nb", "\nb", "a\r\nb", "\r\n\u{E9}", "\u{E9}\r\n"])
    func `a line break is held as the text itself says`(text: String) throws {
        let parts = ["\r\n", "\r", "\n", "a\r\n", "a\r", "\r\nb", "\nb", ""]
        let probe = try FilterProbe<Sample<String>>(
            parts.map { Filter(\.value, hasPrefix: $0) } + parts.map { Filter(\.value, hasSuffix: $0) }
                + parts.map { \.value == $0 }
        )
        let expected =
            parts.map { text.hasPrefix($0) } + parts.map { text.hasSuffix($0) } + parts.map { text == $0 }
        #expect(try probe.reached(by: Sample(text)) == expected.indices.filter { expected[$0] })
    }

    @Test func `prefixes of all lengths are found`() throws {
        let text = "a string that is longer than fifteen bytes, with \u{E9} and e\u{301}, and more after it"
        let prefixes = (0...text.count).map { String(text.prefix($0)) }
        let suffixes = (0...text.count).map { String(text.suffix($0)) }
        let probe = try FilterProbe<Sample<String>>(
            prefixes.map { Filter(\.value, hasPrefix: $0) } + suffixes.map { Filter(\.value, hasSuffix: $0) }
        )
        #expect(try probe.reached(by: Sample(text)) == Array(0..<prefixes.count + suffixes.count))
        #expect(try probe.reached(by: Sample(text.uppercased())) == [0, prefixes.count])
    }

    @Test func `texts of one length come and go`() throws {
        let words = (10..<50).map { "\($0)" }
        let probe = try FilterProbe<Sample<String>>(
            words.map { Filter(\.value, hasPrefix: $0) } + words.map { Filter(\.value, hasSuffix: $0) }
                + words.map { Filter(\.value, matches: $0 + ".*") }
                + words.map { Filter(\.value, hasPrefix: $0 + "\u{E9}") }
        )
        for index in 0..<words.count - 1 {
            for offset in 0..<4 { probe.cancel(index + offset * words.count) }
            for (left, word) in words.enumerated().dropFirst(index + 1) {
                let event = Sample("\(word)\u{E9}.\(word)")
                #expect(try probe.reached(by: event) == [left, left + words.count, left + 3 * words.count])
                #expect(try probe.reached(by: Sample("\(word).x")) == [left, left + 2 * words.count])
            }
        }
    }

    @Test func `a patterns rest may be nothing`() throws {
        let probe = try FilterProbe<Sample<String>>([
            Filter(\.value, matches: "shop.**"), Filter(\.value, matches: "**"), Filter(\.value, matches: "*.**"),
            Filter(\.value, matches: "shop"), Filter(\.value, matches: "*.*"), Filter(\.value, matches: "shop.*"),
        ])
        #expect(try probe.reached(by: Sample("shop")) == [0, 1, 2, 3])
        #expect(try probe.reached(by: Sample("shop.order")) == [0, 1, 2, 4, 5])
        #expect(try probe.reached(by: Sample("shop.order.new")) == [0, 1, 2])
        #expect(try probe.reached(by: Sample("")) == [1])
        #expect(try probe.reached(by: Sample("stop.order")) == [1, 2, 4])
    }

    @Test func `a pattern may have more tokens than are indexed`() throws {
        for count in [63, 64, 65, 200] {
            let name = (0..<count).map { "t\($0)" }.joined(separator: ".")
            let probe = try FilterProbe<Sample<String>>([
                Filter(\.value, matches: name), Filter(\.value, matches: name + ".**"),
                Filter(\.value, matches: name.replacing("t5.", with: "*.")), Filter(\.value, matches: name + ".x"),
            ])
            #expect(try probe.reached(by: Sample(name)) == [0, 1, 2])
            #expect(try probe.reached(by: Sample(name + ".x")) == [1, 3])
            #expect(try probe.reached(by: Sample(name.replacing("t6.", with: "u."))).isEmpty)
        }
    }

    @Test func `a text that is nil fits nothing`() throws {
        let probe = try FilterProbe<Sample<String?>>([
            Filter(\.value, hasPrefix: ""), Filter(\.value, hasSuffix: ""), Filter(\.value, matches: "**"),
            Filter(\.value, contains: ""), Filter(\.value, .isNil), Filter(not: Filter(\.value, hasPrefix: "")),
        ])
        #expect(try probe.reached(by: Sample(nil)) == [4, 5])
        #expect(try probe.reached(by: Sample("")) == [0, 1, 2, 3])
    }

    /// So many other values that the table is not small.
    private var crowd: [Filter<Sample<String>>] { (0..<30).map { \.value == "number \($0)" } }
}
