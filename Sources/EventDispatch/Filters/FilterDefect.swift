/// Why a filter is refused at registration.
public struct FilterDefect: Hashable, Sendable {
    /// The kind of mistake.
    public let code: DispatchError.Code
    /// What is wrong, as the end of a sentence.
    public let reason: String

    static let notANumber = FilterDefect(
        code: .notANumber,
        reason: "it compares with a value that does not equal itself"
    )

    static func nestedTooDeep(_ maximumDepth: Int) -> FilterDefect {
        FilterDefect(
            code: .filterTooDeep,
            reason:
                "its negations, conjunctions and alternatives stand more than \(maximumDepth) deep inside each other"
        )
    }

    static func blocksTooDeep(_ maximumDepth: Int) -> FilterDefect {
        FilterDefect(code: .filterTooDeep, reason: "blocks stand more than \(maximumDepth) deep inside each other")
    }
}
