import Foundation

/// Prints lines, and one line of progress below them.
struct Console {
    private let isTerminal = isatty(STDOUT_FILENO) == 1
    private let patience: Duration
    private var lastProgress: ContinuousClock.Instant

    init() {
        patience = isTerminal ? .milliseconds(200) : .seconds(2)
        lastProgress = ContinuousClock.now
    }

    /// Prints a line, in place of the line of progress.
    func print(_ line: String) { Self.write("\(isTerminal ? "\r\u{1B}[K" : "")\(line)\n", to: .standardOutput) }

    /// Whether it is time for a new line of progress: often on a terminal, where it takes the place of the last, and now and then
    /// elsewhere.
    mutating func wantsProgress() -> Bool {
        guard ContinuousClock.now - lastProgress >= patience else { return false }
        lastProgress = .now
        return true
    }

    /// Prints a line of progress.
    func showProgress(_ line: String) {
        Self.write(isTerminal ? "\r\(line)\u{1B}[K" : "\(line)\n", to: .standardOutput)
    }

    /// Takes the line of progress away.
    func endProgress() { if isTerminal { Self.write("\r\u{1B}[K", to: .standardOutput) } }

    /// Says on standard error what is wrong.
    static func complain(_ message: String) { write("orders: \(message)\n", to: .standardError) }

    private static func write(_ text: String, to file: FileHandle) { file.write(Data(text.utf8)) }
}
