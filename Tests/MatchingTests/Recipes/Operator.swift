/// The ways in which filters are written.
enum Operator: Int, CaseIterable, Sendable {
    case `is`, isNot, inArray, inSet
    case inRange, inClosedRange, inRangeFrom, inRangeUpTo, inRangeThrough
    case notInArray, notInSet, notInRange, notInOptionalRange
    case lessThan, atMost, greaterThan, atLeast
    case optionalLessThan, optionalAtMost, optionalGreaterThan, optionalAtLeast, inOptionalRange
    case isTrue, isFalse
    case hasPrefix, hasSuffix, containsText, matchesPattern
    case containsElement, isNil, exists, identicalTo, satisfying
    case not, all, any
}
