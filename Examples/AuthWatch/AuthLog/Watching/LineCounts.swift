/// How the lines of a log divide.
public struct LineCounts: Hashable, Sendable {
    /// All lines.
    public var lines = 0
    /// Lines that became an event.
    public var events = 0
    /// Other lines of the server.
    public var otherServerLines = 0
    /// Lines of other programs.
    public var otherPrograms = 0
    /// Empty lines.
    public var blank = 0
    /// Lines in no shape that we know.
    public var notUnderstood = 0

    /// Makes counts of 0.
    public init() {}

    mutating func note(_ line: LogLine) {
        lines += 1
        switch line {
        case .event: events += 1
        case .otherServerLine: otherServerLines += 1
        case .otherProgram, .repetition: otherPrograms += 1
        case .blank: blank += 1
        case .notUnderstood: notUnderstood += 1
        }
    }
}
