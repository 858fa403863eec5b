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

    /// Writes the test as Swift source.
    public func write(to source: inout SourceText, key: String, negated: Bool) {
        switch style {
        case .comparison:
            if negated { source.append("!(") }
            writeComparison(to: &source, key: key)
            if negated { source.append(")") }
        case .range:
            source.append("\(key) \(negated ? "not in" : "in") ")
            if let lower = interval.lower { source.append(value: lower) }
            source.append(interval.includesUpper ? "..." : "..<")
            if let upper = interval.upper { source.append(value: upper) }
        }
    }

    private func writeComparison(to source: inout SourceText, key: String) {
        if let lower = interval.lower {
            source.append(key, interval.includesLower ? ">=" : ">", lower)
        } else if let upper = interval.upper {
            source.append(key, interval.includesUpper ? "<=" : "<", upper)
        }
    }

    /// By its ends.
    public var indexForm: IndexForm { IndexForm(.interval(IntervalForm(interval, order: order.make()))) }

    /// Whether a bound does not equal itself.
    public var defect: FilterDefect? {
        interval.hasUnorderedBound ? .notANumber : nil
    }

    /// Whether nothing lies inside.
    public var isImpossible: Bool { interval.isEmpty(in: order.make()) }

    /// It compares by `<`, which goes with `==`, but not with that of texts.
    public var respectsEquality: Bool { order.make().kind != .ofTexts }

    /// The ends where values can be hashed, otherwise what the test prints as.
    public var identity: AnyHashable {
        let ends = [interval.lower, interval.upper].map { $0 as? AnyHashable }
        if ends.allSatisfy({ $0 == nil }) {
            return source(atMost: SourceLength.filter) { write(to: &$0, key: "", negated: false) }
        }
        return [ends, [interval.includesLower, interval.includesUpper]]
    }

    /// Whether no value lies in both.
    public func isDisjoint(from other: Self) -> Bool {
        interval.intersection(other.interval).isEmpty(in: order.make())
    }
}

extension InInterval: Sendable where Value: Sendable {}
