/// One line of a menu.
public struct MenuEntry: Hashable, Sendable {
    /// What the user reads.
    public let title: String
    /// The name of the command that it runs.
    public let command: String

    /// Makes an entry.
    public init(_ title: String, runs command: String) {
        self.title = title
        self.command = command
    }
}
