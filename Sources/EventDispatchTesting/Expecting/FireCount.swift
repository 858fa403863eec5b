/// How often an event is expected: `1`, `.atLeast(2)`, `.atMost(3)`, `.between(1...3)`.
public struct FireCount: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    private let range: ClosedRange<Int>

    private init(_ range: ClosedRange<Int>) { self.range = range }

    /// Exactly so often.
    public init(integerLiteral value: Int) { self = .exactly(value) }

    /// Exactly so often.
    public static func exactly(_ count: Int) -> FireCount { FireCount(count...count) }
    /// So often or more.
    public static func atLeast(_ count: Int) -> FireCount { FireCount(count...Int.max) }
    /// So often or less, or never.
    public static func atMost(_ count: Int) -> FireCount { FireCount(min(0, count)...count) }
    /// As often as a range says.
    public static func between(_ range: ClosedRange<Int>) -> FireCount { FireCount(range) }

    func contains(_ count: Int) -> Bool { range.contains(count) }

    func isExceeded(by count: Int) -> Bool { count > range.upperBound }

    /// The count as in the source.
    public var description: String {
        if range.lowerBound == range.upperBound { return "\(range.lowerBound)" }
        if range.upperBound == .max { return ".atLeast(\(range.lowerBound))" }
        if range.lowerBound == 0 { return ".atMost(\(range.upperBound))" }
        return ".between(\(range.lowerBound)...\(range.upperBound))"
    }
}
