/// The front of a line, kept to be shown.
public struct ExampleLine: Hashable, Sendable {
    /// Counts lines, from 1.
    public let number: Int
    /// The front of the line, not escaped.
    public let text: String

    private static let longest = 200

    /// Keeps the front of a line.
    public init(number: Int, bytes: ArraySlice<UInt8>) {
        self.number = number
        text = bytes.prefix(Self.longest).text
    }
}
