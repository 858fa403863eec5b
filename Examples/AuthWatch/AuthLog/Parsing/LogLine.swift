/// What one line of a log is.
public enum LogLine: Equatable, Sendable {
    /// A line of the SSH server that says something we have an event for.
    case event(ServerEvent)
    /// The line before it, so many times more.
    case repetition(time: String, times: Int)
    /// Another line of the SSH server.
    case otherServerLine
    /// A line of another program.
    case otherProgram
    /// Nothing, or only spaces.
    case blank
    /// A line in no shape that we know.
    case notUnderstood
}
