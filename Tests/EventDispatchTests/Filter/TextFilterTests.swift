import EventDispatch
import Testing

@Suite(.timeLimit(.minutes(10))) struct TextFilterTests {
    @Test func `prefix suffix and contains mean what strings methods mean`() {
        let texts = ["", "e", "é", "e\u{301}", "e\u{301}a", "ea", "🇳🇴", "🇳", "\r\n", "\n", "ae\u{301}", "abc"]
        for text in texts {
            for key in texts {
                let track = Track(title: key, album: key)
                #expect(Filter<Track>(\.title, hasPrefix: text).matches(track) == key.hasPrefix(text))
                #expect(Filter<Track>(\.title, hasSuffix: text).matches(track) == key.hasSuffix(text))
                #expect(Filter<Track>(\.title, contains: text).matches(track) == key.contains(text))
                #expect(Filter<Track>(\.album, hasPrefix: text).matches(track) == key.hasPrefix(text))
            }
        }
    }

    @Test func `strings are equal by canonical equivalence`() {
        let composed = "caf\u{E9}"
        let decomposed = "cafe\u{301}"
        #expect(Filter<Track>(\.title, is: composed).matches(Track(title: decomposed)))
        #expect(Filter<Track>(\.title, in: [decomposed]).matches(Track(title: composed)))
        #expect(Filter<Track>(\.title, matches: "shop.\(composed)").matches(Track(title: "shop.\(decomposed)")))
        #expect(Filter<Track>(\.tags, contains: composed).matches(Track(tags: [decomposed])))
        #expect(!Filter<Track>(\.title, is: "cafe").matches(Track(title: composed)))
    }

    @Test func `an optional string that is nil fits no text`() {
        let nameless = Track(album: nil)
        #expect(!Filter<Track>(\.album, hasPrefix: "").matches(nameless))
        #expect(!Filter<Track>(\.album, hasSuffix: "").matches(nameless))
        #expect(!Filter<Track>(\.album, contains: "").matches(nameless))
        #expect(!Filter<Track>(\.album, matches: "**").matches(nameless))
    }

    @Test func `a collection contains an element`() {
        #expect(Filter<Track>(\.tags, contains: "live").matches(Track(tags: ["live", "mono"])))
        #expect(!Filter<Track>(\.tags, contains: "live").matches(Track(tags: [])))
    }

    @Test(arguments: [
        (
            "shop.order.*", ["shop.order.created", "shop.order.x"],
            ["shop.order", "shop.order.", "shop.order.a.b", "shop", "xshop.order.a"]
        ),
        ("shop.**", ["shop", "shop.order", "shop.order.created", "shop.", "shop..x"], ["shopping", "x.shop", ""]),
        ("*.created", ["order.created"], ["created", ".created", "a.b.created"]),
        ("**", ["", "a", "a.b.c"], []),
        ("*", ["a"], ["", "a.b"]),
        ("shop.order", ["shop.order"], ["shop.Order", "shop.orders", "shop"]),
    ])
    func `a dotted name fits a pattern`(pattern: String, fitting: [String], others: [String]) {
        let filter = Filter<Track>(\.title, matches: pattern)
        for name in fitting { #expect(filter.matches(Track(title: name)), "\(filter) on \(name)") }
        for name in others { #expect(!filter.matches(Track(title: name)), "\(filter) on \(name)") }
    }

    @Test func `conditions on text print as Swift source`() {
        #expect(Filter<Track>(\.title, hasPrefix: "So").description == #"\.title.hasPrefix("So")"#)
        #expect(Filter<Track>(\.title, hasSuffix: "at").description == #"\.title.hasSuffix("at")"#)
        #expect(Filter<Track>(\.title, contains: "W").description == #"\.title.contains("W")"#)
        #expect(Filter<Track>(\.tags, contains: "W").description == #"\.tags.contains("W")"#)
        #expect(Filter<Track>(\.title, matches: "a.*").description == #"\.title matches "a.*""#)
        #expect(Filter<Track>(not: Filter(\.title, hasPrefix: "So")).description == #"!\.title.hasPrefix("So")"#)
    }
}
