import AuthLog

/// Why the program ends early: one line for standard error, and an exit status.
struct CommandFailure: Error {
    let message: String
    let status: CInt

    /// The command line makes no sense.
    static func usage(_ message: String) -> CommandFailure { CommandFailure(message: message, status: 2) }

    /// Something could not be read or written.
    static func failed(_ error: any Error) -> CommandFailure { CommandFailure(message: "\(error)", status: 1) }

    /// Something could not be done, as a text says.
    static func failed(_ message: String) -> CommandFailure { CommandFailure(message: message, status: 1) }

    /// Whoever read the output has gone: nothing to say, and the status a shell gives for a broken pipe.
    static let readerGone = CommandFailure(message: "", status: 141)

    /// The line for standard error, escaped.
    var line: String { "authwatch: \(TerminalText.escaped(message))" }
}
