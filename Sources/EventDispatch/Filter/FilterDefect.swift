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
}
