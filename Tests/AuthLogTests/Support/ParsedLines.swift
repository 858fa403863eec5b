import AuthLog

/// The time of every line that ``line(_:)`` makes.
let noon = "Dec 10 12:00:00"

/// A whole line of the server with the given message.
func line(_ message: String) -> String { "\(noon) host sshd[4711]: \(message)" }

/// What a message of the server says; nil when it says nothing that there is an event for.
func event(_ message: String) -> ServerEvent? {
    if case .event(let event) = LogLineParser().parse(line(message)) { event } else { nil }
}
