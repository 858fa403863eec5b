/// How often an event is expected: `1`, `.atLeast(2)`, `.atMost(3)`, `.between(1...3)`. One below 0 makes `expecting` throw.
public struct FireCount: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    private let least: Int
    private let most: Int

    private init(_ least: Int, _ most: Int) {
        self.least = least
        self.most = most
    }

    /// Exactly so often.
    public init(integerLiteral value: Int) { self = .exactly(value) }

    /// Exactly so often.
    public static func exactly(_ count: Int) -> FireCount { FireCount(count, count) }
    /// So often or more.
    public static func atLeast(_ count: Int) -> FireCount { FireCount(count, .max) }
    /// So often or less, or never.
    public static func atMost(_ count: Int) -> FireCount { FireCount(0, count) }
    /// As often as a range says.
    public static func between(_ range: ClosedRange<Int>) -> FireCount {
        FireCount(range.lowerBound, range.upperBound)
    }

    /// The mistake in the count; nil without one.
    var problem: String? { least < 0 || most < 0 ? "events can't come less often than 0 times" : nil }

    func contains(_ count: Int) -> Bool { least <= count && count <= most }

    func isExceeded(by count: Int) -> Bool { count > most }

    /// The count as in the source.
    public var description: String {
        if least == most { return "\(least)" }
        if most == .max { return ".atLeast(\(least))" }
        if least == 0 { return ".atMost(\(most))" }
        return ".between(\(least)...\(most))"
    }
}
