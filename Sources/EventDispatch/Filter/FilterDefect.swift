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
    static let nothingToBeIn = FilterDefect(
        code: .neverMatches,
        reason: "it can never match: there is nothing to be in"
    )
    static let contradiction = FilterDefect(
        code: .neverMatches,
        reason: "it can never match: its conditions exclude each other"
    )
}
