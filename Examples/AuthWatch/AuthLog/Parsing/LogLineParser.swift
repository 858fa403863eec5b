/// Turns lines of a log into events.
///
/// It keeps nothing between lines: what one line says, it says alone.
public struct LogLineParser: Sendable {
    /// Makes a parser.
    public init() {}

    /// Says what a line is. The line comes without its line ending; it need not be UTF-8.
    public func parse(_ line: ArraySlice<UInt8>) -> LogLine {
        let line = line.withoutTrailingSpaces
        if line.isEmpty { return .blank }
        if let header = SyslogHeader(line) ?? SyslogHeader(withoutTime: line) { return parse(header) }
        if let repetition = repetition(line) { return repetition }
        // What journalctl says itself: `-- Boot 0f3a… --`.
        if line.begins(with: "-- ") { return .otherProgram }
        // What the server writes to standard error, in a container for instance: messages without any header.
        return ServerMessage(line, time: line.prefix(0)).event.map { .event($0) } ?? .notUnderstood
    }

    /// Says what a line is.
    public func parse(_ line: String) -> LogLine { parse(Array(line.utf8)[...]) }

    private func parse(_ header: SyslogHeader) -> LogLine {
        guard isServer(header.program) else { return .otherProgram }
        let message = ServerMessage(header.message, time: header.time)
        return message.event.map { .event($0) } ?? .otherServerLine
    }

    /// `TIME HOST last message repeated N times`: what BSD's syslogd writes in its own name.
    private func repetition(_ line: ArraySlice<UInt8>) -> LogLine? {
        guard let (time, rest) = SyslogHeader.splitAfterTime(line) else { return nil }
        var scanner = ByteScanner(rest.withoutLeadingSpaces)
        _ = scanner.word()
        guard scanner.skip(" last message repeated "), let times = scanner.number() else { return nil }
        return .repetition(time: time.text, times: times)
    }

    /// `sshd`, its parts in newer versions, and `sshd(pam_unix)` in very old ones.
    private func isServer(_ program: ArraySlice<UInt8>) -> Bool {
        var scanner = ByteScanner(program)
        guard scanner.skip("sshd") else { return false }
        return switch scanner.rest.first {
        case nil, UInt8(ascii: "-"), UInt8(ascii: "("): true
        default: false
        }
    }
}
