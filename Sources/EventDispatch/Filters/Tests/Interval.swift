/// A range of values, each end of which is closed, open or missing.
@usableFromInline
struct Interval<Bound: Comparable> {
    var lower: Bound?
    var upper: Bound?
    var includesLower: Bool
    var includesUpper: Bool

    @usableFromInline
    init(lower: Bound? = nil, upper: Bound? = nil, includesLower: Bool = true, includesUpper: Bool = true) {
        self.lower = lower
        self.upper = upper
        self.includesLower = includesLower
        self.includesUpper = includesUpper
    }

    @usableFromInline static func from(_ bound: Bound) -> Self { Self(lower: bound) }
    @usableFromInline static func above(_ bound: Bound) -> Self { Self(lower: bound, includesLower: false) }
    @usableFromInline static func through(_ bound: Bound) -> Self { Self(upper: bound) }
    @usableFromInline static func upTo(_ bound: Bound) -> Self { Self(upper: bound, includesUpper: false) }

    /// Whether a value lies inside. Every comparison is asked for what it affirms, so that NaN lies in no interval.
    func contains(_ value: Bound) -> Bool {
        if let lower, !(includesLower ? value >= lower : value > lower) { return false }
        if let upper, !(includesUpper ? value <= upper : value < upper) { return false }
        return true
    }

    /// Whether it is certain that no value lies inside.
    func isEmpty(in order: ValueOrder) -> Bool {
        guard let lower, let upper else { return false }
        let isClosed = includesLower && includesUpper
        if areSame(lower, upper) { return !isClosed }
        return order.isTotal && (upper < lower || upper == lower && !isClosed)
    }

    /// Whether an end is a value that does not equal itself.
    var hasUnorderedBound: Bool {
        (lower.map { $0 != $0 } ?? false) || (upper.map { $0 != $0 } ?? false)
    }

    /// The values that lie in both.
    func intersection(_ other: Self) -> Self {
        var result = self
        if let bound = other.lower, lower.map({ bound > $0 || (bound == $0 && !other.includesLower) }) ?? true {
            result.lower = bound
            result.includesLower = other.includesLower
        }
        if let bound = other.upper, upper.map({ bound < $0 || (bound == $0 && !other.includesUpper) }) ?? true {
            result.upper = bound
            result.includesUpper = other.includesUpper
        }
        return result
    }
}

extension Interval: Sendable where Bound: Sendable {}

/// `\.key < value` and its like, and `\.key` in a range
@usableFromInline
struct InInterval<Value: Comparable>: ValueTest {
    /// How the test was written, and so how it prints.
    @usableFromInline
    enum Style: Sendable { case comparison, range }

    fileprivate let interval: Interval<Value>
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
    @usableFromInline func holds(for value: Value) -> Bool { interval.contains(value) }

    /// Writes the test as Swift source.
    @usableFromInline func write(to output: inout PrintedText, key: String, negated: Bool) {
        switch style {
        case .comparison:
            if negated { output.append("!(") }
            writeComparison(to: &output, key: key)
            if negated { output.append(")") }
        case .range:
            output.append("\(key) \(negated ? "not in" : "in") ")
            if let lower = interval.lower { output.append(value: lower) }
            output.append(interval.includesUpper ? "..." : "..<")
            if let upper = interval.upper { output.append(value: upper) }
        }
    }

    private func writeComparison(to output: inout PrintedText, key: String) {
        if let lower = interval.lower {
            output.append(key, interval.includesLower ? ">=" : ">", lower)
        } else if let upper = interval.upper {
            output.append(key, interval.includesUpper ? "<=" : "<", upper)
        }
    }

    /// By its ends.
    @usableFromInline var indexForm: IndexForm { IndexForm(.interval(IntervalForm(interval, order: order.make()))) }

    /// Whether a bound does not equal itself.
    @usableFromInline var defect: FilterDefect? {
        interval.hasUnorderedBound ? .notANumber : nil
    }

    /// Whether nothing lies inside.
    @usableFromInline var isImpossible: Bool { interval.isEmpty(in: order.make()) }

    /// It compares by `<`, which need not go with `==`: that of texts doesn't.
    @usableFromInline var respectsEquality: Bool { order.make().isTotal }

    /// The ends where values can be hashed, otherwise what the test prints as.
    @usableFromInline var identity: AnyHashable {
        let ends = [interval.lower, interval.upper].map { $0 as? AnyHashable }
        if ends.allSatisfy({ $0 == nil }) {
            return printed(atMost: PrintedLength.filter) { write(to: &$0, key: "", negated: false) }
        }
        return [ends, [interval.includesLower, interval.includesUpper]]
    }

    /// Whether no value lies in both.
    @usableFromInline func isDisjoint(from other: Self) -> Bool {
        interval.intersection(other.interval).isEmpty(in: order.make())
    }
}

extension InInterval: Sendable where Value: Sendable {}

/// The same of an optional key: nil lies in no interval.
@usableFromInline
struct HasValueInInterval<Wrapped: Comparable>: ValueTest {
    private let test: InInterval<Wrapped>
    private let order: ValueOrderMaker

    @usableFromInline
    init(_ test: InInterval<Wrapped>, by order: ValueOrderMaker) {
        self.test = test
        self.order = order
    }

    @inlinable
    init(_ interval: Interval<Wrapped>, style: InInterval<Wrapped>.Style) {
        self.init(InInterval(interval, style: style), by: ValueOrderMaker(ofOptional: Wrapped.self))
    }

    /// Whether there is a value, and it lies inside.
    @usableFromInline func holds(for value: Wrapped?) -> Bool { value.map(test.holds) ?? false }

    /// Writes the test as Swift source.
    @usableFromInline func write(to output: inout PrintedText, key: String, negated: Bool) {
        test.write(to: &output, key: key, negated: negated)
    }

    /// By its ends.
    @usableFromInline var indexForm: IndexForm {
        IndexForm(.interval(IntervalForm(ofOptional: test.interval, order: order.make())))
    }

    /// Whether a bound does not equal itself.
    @usableFromInline var defect: FilterDefect? { test.defect }

    /// Whether nothing lies inside.
    @usableFromInline var isImpossible: Bool { test.isImpossible }

    /// As for a key that isn't optional.
    @usableFromInline var respectsEquality: Bool { test.respectsEquality }

    /// The ends.
    @usableFromInline var identity: AnyHashable { test.identity }

    /// Whether no value lies in both.
    @usableFromInline func isDisjoint(from other: Self) -> Bool { test.isDisjoint(from: other.test) }
}

extension HasValueInInterval: Sendable where Wrapped: Sendable {}
