/// The values that events and filters are made of: so few that they meet.
enum Domain {
    static let numbers = [Int.min, -1, 0, 1, 2, 3, 5, 8, Int.max]
    static let ratios = [-Double.infinity, -1, -0.0, 0, 0.5, 1, 2, .greatestFiniteMagnitude, .infinity, .nan]
    static let texts = [
        "", "a", "ab", "abc", "b", "a.b", "a.b.c", "a.c", "*", "\u{E9}", "e\u{301}", "e", "a.\u{E9}", "a.e\u{301}",
        "K", "\u{212A}", "\r", "\n", "\r\n", "a\r\nb", "a string that is longer than fifteen bytes",
    ]
    static let patterns = [
        "*", "**", "a", "a.*", "a.**", "*.b", "*.b.*", "a.\u{E9}", "*.e\u{301}", "a.b.c", "*.*", "a*",
    ]
    static let phases = FuzzedEvent.Phases.allCases
    static let priorities = [0, 0, 1, -1, Int.max, Int.min]
}
