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
        switch order.kind {
        case .total: return upper < lower || upper == lower && !isClosed
        // A value of which `<` says nothing is at most and at least anything, and so lies between any two ends that are included.
        case .transitive: return !isClosed && (upper < lower || upper == lower)
        case .ofTexts: return false
        }
    }

    /// Whether an end is a value that does not equal itself.
    var hasUnorderedBound: Bool {
        (lower.map { $0 != $0 } ?? false) || (upper.map { $0 != $0 } ?? false)
    }

    /// What lies in both.
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
