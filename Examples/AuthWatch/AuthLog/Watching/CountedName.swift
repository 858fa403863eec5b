/// A name and how often it was counted.
public struct CountedName: Hashable, Sendable {
    /// What was counted.
    public let name: String
    /// How often.
    public let count: Int

    /// Makes a row.
    public init(name: String, count: Int) {
        self.name = name
        self.count = count
    }
}
