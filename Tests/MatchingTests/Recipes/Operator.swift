/// The ways in which filters are written.
enum Operator: Int, CaseIterable, Sendable {
    case `is`, isNot, inArray, inSet
    case inRange, inClosedRange, inRangeFrom, inRangeUpTo, inRangeThrough
    case lessThan, atMost, greaterThan, atLeast
    case hasPrefix, hasSuffix, containsText, matchesPattern
    case containsElement, isNil, exists, identicalTo, satisfying
    case not, all, any
}
