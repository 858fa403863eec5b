import AuthLog
import EventDispatchTracing

/// The program: reads a log, prints alerts as they come and a summary at the end.
struct AuthWatchCommand {
    private let console = Console()
    private let style: TerminalStyle = System.wantsColours ? .coloured : .plain

    /// Does what the command line asks for, and leaves nothing unprinted, however it ends.
    func run(_ arguments: [String]) throws(CommandFailure) {
        do throws(CommandFailure) {
            try run(Arguments(arguments))
        } catch {
            try console.finish()
            throw error
        }
        try console.finish()
    }

    private func run(_ arguments: Arguments) throws(CommandFailure) {
        do {
            let trace = arguments.trace
            switch arguments.input {
            case .help:
                console.printLine(Arguments.usage)
            case .sample:
                console.printLine("No log given, so this is a short sample; --help says how to read another.\n")
                try report(trace) { _ in LineReader(SampleLog.bytes) }
            case .standardInput:
                try report(trace) { reader(of: .standardInput, for: $0) }
            case .file(let path):
                let file = try LogFile(path: path)
                try report(trace) { reader(of: file, for: $0) }
            }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw .failed(error)
        }
    }

    /// How many events a trace keeps: the last ones.
    private static let tracedEvents = 20_000

    /// - Parameter tracePath: where the trace is to be; it's written however the reading ends. One that can't be
    ///   written is an error after the summary.
    private func report(_ tracePath: String?, on makeReader: (LogWatcher) -> LineReader) throws {
        let (console, style) = (console, style)
        let start = ContinuousClock.now
        let watcher = try LogWatcher { console.printLine(AlertText.line(for: $0, style: style)) }
        let trace = tracePath.map { _ in EventDispatchTrace(capacity: Self.tracedEvents) { "\($0)" } }
        if let trace { watcher.observe(with: trace) }
        var reader = makeReader(watcher)
        let reading = Result { try watcher.watch(&reader) }
        let writing = Result { if let trace, let tracePath { try write(trace, to: tracePath) } }
        try reading.get()
        let summary = watcher.summary(cutLines: reader.cutLines, duration: ContinuousClock.now - start)
        if summary.alertsShown > 0 { console.printLine("") }
        for line in SummaryText.lines(for: summary, style: style) { console.printLine(line) }
        try writing.get()
    }

    private func write(_ trace: EventDispatchTrace, to path: String) throws(CommandFailure) {
        do { try trace.write(to: path) } catch { throw .failed("\(path): the trace can't be written: \(error)") }
    }

    /// Before each read, which may have to wait, all that was printed is shown.
    private func reader(of file: LogFile, for watcher: LogWatcher) -> LineReader {
        var progress = System.Output.error.isTerminal ? Progress(size: file.size) : nil
        var bytesRead = 0
        return LineReader { buffer in
            try console.flush()
            if let line = progress?.line(bytesRead: bytesRead, lines: watcher.lineCounts.lines) {
                try console.showProgress(line)
            }
            let count = try file.read(into: buffer)
            bytesRead += count
            return count
        }
    }
}
