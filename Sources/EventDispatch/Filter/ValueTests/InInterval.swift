/// `\.key < value` and its like, and `\.key` in a range
public struct InInterval<Value: Comparable>: ValueTest {
    /// How the test was written, and so how it prints.
    @usableFromInline
    enum Style: Sendable { case comparison, range }

    private let interval: Interval<Value>
    private let style: Style
    private let order: ValueOrderMaker

    @usableFromInline
    init(_ interval: Interval<Value>, style: Style, by order: ValueOrderMaker) {
        self.interval = interval
        self.style = style
        self.order = order
    }

    @inlinable
    init(_ interval: Interval<Value>, style: Style) {
        self.init(interval, style: style, by: ValueOrderMaker(of: Value.self))
    }

    /// Whether the value is among them.
    public func holds(for value: Value) -> Bool { interval.contains(value) }

    /// The test as Swift source.
    public func source(key: String, negated: Bool) -> String {
        switch style {
        case .comparison: negated ? "!(\(comparisonSource(key: key)))" : comparisonSource(key: key)
        case .range: "\(key) \(negated ? "not in" : "in") \(rangeSource)"
        }
    }

    private func comparisonSource(key: String) -> String {
        if let lower = interval.lower {
            return "\(key) \(interval.includesLower ? ">=" : ">") \(swiftSource(of: lower))"
        }
        return "\(key) \(interval.includesUpper ? "<=" : "<") \(interval.upper.map { swiftSource(of: $0) } ?? "")"
    }

    private var rangeSource: String {
        let lower = interval.lower.map { swiftSource(of: $0) } ?? ""
        let upper = interval.upper.map { swiftSource(of: $0) } ?? ""
        return "\(lower)\(interval.includesUpper ? "..." : "..<")\(upper)"
    }

    /// By its ends.
    public var indexForm: IndexForm { IndexForm(.interval(IntervalForm(interval, order: order.make()))) }

    /// Whether a bound does not equal itself.
    public var defect: FilterDefect? {
        interval.hasUnorderedBound ? .notANumber : nil
    }

    /// Whether nothing lies inside.
    public var isImpossible: Bool { interval.isEmpty }

    /// It compares by `<`, which goes with `==`.
    public var respectsEquality: Bool { true }

    /// The ends, where values can be hashed.
    public var identity: AnyHashable {
        guard Value.self is any Hashable.Type else { return source(key: "", negated: false) }
        let ends = [interval.lower as? AnyHashable, interval.upper as? AnyHashable]
        return [ends, [interval.includesLower, interval.includesUpper]]
    }

    /// Whether no value lies in both.
    public func isDisjoint(from other: Self) -> Bool { interval.intersection(other.interval).isEmpty }
}

extension InInterval: Sendable where Value: Sendable {}
