/// What became of a command.
public enum CommandResult: Sendable {
    /// Somebody carried it out.
    case done
    /// Somebody tried, and threw.
    case failed
    /// Nobody publishes it.
    case unknown
}
