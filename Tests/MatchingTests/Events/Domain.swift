/// The values that generated events and filters are made of: few of each type, so that they meet.
enum Domain {
    static let numbers = [-3, -1, 0, 1, 2, 3, 4, Int.max, Int.min]
    static let bytes: [UInt8] = [0, 1, 2, 127, 128, 255]
    static let identifiers = (0..<6).map { Identifier(high: UInt64($0 / 2) << 60, low: UInt64($0 % 2)) }
    /// So many that a table of them goes by their hashes.
    static let crowd = (0..<24).map { Crowded(number: $0 / 2, note: $0.isMultiple(of: 2) ? "even" : "odd") }
    static let versions = (0..<9).map { Version(major: $0 / 3, minor: $0 % 3) }
    static let plots = (0..<16).map { Plot(x: $0 / 4, y: $0 % 4) }
    static let nested: [Int??] = [nil, .some(nil), 0, 1, 2]
    static let tags = ["a", "b", "\u{E9}", "e\u{301}", "K", "\u{212A}", ""]
    /// Keys with many values, for tables that grow.
    static let serials = 0..<4_096

    static let shapes: [Shape] = [
        .dot, .circle(radius: 1), .circle(radius: 2), .label("\u{E9}"), .label("e\u{301}"), .label(""),
    ]

    static let ratios = [
        -0.0, 0.0, 1.0, -1.0, 0.1 + 0.2, 0.3, 2.5, .infinity, -.infinity, .leastNonzeroMagnitude,
        .greatestFiniteMagnitude,
    ]
    /// What only events have: a filter with it would be refused.
    static let ratiosOfEvents = ratios + [.nan, .signalingNaN, -.nan]

    static let texts = [
        "", "a", "ab", "abc", "abcabcabcabcabcabcabc", "a string that is longer than fifteen bytes",
        "\u{E9}", "e\u{301}", "e", "caf\u{E9}", "cafe\u{301}", "K", "\u{212A}", "k", "\r\n", "\r", "\n", "a\r\nb",
        "shop", "shop.", "shop.order", "shop.order.created", "shop.order.cafe\u{301}", "shop.order.caf\u{E9}",
        "shop.\u{301}order", ".created", "a.b.c.d", "shop.order.created.again.and.again",
        "\u{1F469}\u{200D}\u{1F467}", "\u{1F469}", "\u{AC00}", "\u{1100}\u{1161}",
        "\u{E9}a", "e\u{301}a", "\u{212A}a", "Kz", "\u{416}", "\u{418}\u{306}", "shop..order", "shop.\u{200D}order",
        "shop.order<a.b>", "shop.order<a.b>.created", "shop.(order.created", "a.b<(c.d) -> e.f>.c.d",
    ]
    /// Beginnings, ends and middles of the texts, on the borders of characters and beside them.
    static let fragments =
        texts + [
            "abca", "bca", "cabc", "caf", "f", "\u{301}", "e\u{301}.", ".", "order", ".order.", "created", "b",
            "fifteen bytes",
        ]
    static let patterns = [
        "**", "*", "*.*", "shop.**", "shop.*", "shop.order", "shop.order.*", "shop.order.**", "*.created",
        "*.order.created", "shop.*.created", "shop.*.caf\u{E9}", "*.*.cafe\u{301}", "a.*.c.*", "a.**", "caf\u{E9}",
        "*.*.*.**", "nothing.like.it", "shop.*.order", "shop.order<a.b>", "*.order<a.b>.**", "a.b.*.d",
    ]
}
