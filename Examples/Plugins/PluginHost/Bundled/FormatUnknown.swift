/// There is no format of that name.
public struct FormatUnknown: Error, CustomStringConvertible {
    /// The name.
    public let format: String

    /// What is wrong, in words.
    public var description: String { "no format is called \(format)" }
}
