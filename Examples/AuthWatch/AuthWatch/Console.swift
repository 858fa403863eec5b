import Synchronization

/// Prints lines to standard output, in large pieces, and a progress line to standard error between them.
final class Console: Sendable {
    private struct State {
        var buffer: [UInt8] = []
        var showsProgress = false
        /// The first failure of a write that nobody could be told of.
        var failure: CommandFailure?
    }

    private let state = Mutex(State())
    private static let flushedSize = 1 << 16
    private static let eraseLine = Array("\r\u{1B}[K".utf8)

    /// Prints a line. It appears at the next ``flush()``, or when enough has gathered.
    func printLine(_ line: String) {
        state.withLock { state in
            state.buffer += line.utf8
            state.buffer.append(UInt8(ascii: "\n"))
            guard state.buffer.count >= Self.flushedSize else { return }
            do throws(CommandFailure) { try Self.flush(&state) } catch { state.failure = state.failure ?? error }
        }
    }

    /// Writes what has been printed, and makes way for it where the progress line stands.
    func flush() throws(CommandFailure) {
        try state.withLock { state throws(CommandFailure) in
            if let failure = state.failure { throw failure }
            try Self.flush(&state)
        }
    }

    /// Shows a line on standard error until the next flush.
    func showProgress(_ line: String) throws(CommandFailure) {
        try state.withLock { state throws(CommandFailure) in
            try System.write(Self.eraseLine + Array(line.utf8), to: .error)
            state.showsProgress = true
        }
    }

    /// Writes what is left, and takes the progress line away for good.
    func finish() throws(CommandFailure) {
        try flush()
        try state.withLock { state throws(CommandFailure) in try Self.eraseProgress(&state) }
    }

    private static func flush(_ state: inout State) throws(CommandFailure) {
        if state.buffer.isEmpty { return }
        try eraseProgress(&state)
        let buffer = state.buffer
        state.buffer.removeAll()
        try System.write(buffer, to: .standard)
    }

    private static func eraseProgress(_ state: inout State) throws(CommandFailure) {
        guard state.showsProgress else { return }
        state.showsProgress = false
        try System.write(eraseLine, to: .error)
    }
}
