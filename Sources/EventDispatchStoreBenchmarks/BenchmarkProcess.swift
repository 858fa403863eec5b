import Foundation

/// This program, started once more as a process of its own.
final class BenchmarkProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// Starts it.
    init(_ arguments: [String]) throws {
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    /// The next line that it prints; nil at the end.
    func readLine() -> String? { output.fileHandleForReading.readLine() }

    /// Lets it go on that waits for a line.
    func go() { input.fileHandleForWriting.write(Data("go\n".utf8)) }

    /// Ends it as a crash would.
    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func waitUntilExit() { process.waitUntilExit() }
}

extension FileHandle {
    /// The next line; nil at the end. `readData` would stop the program when a signal interrupts it.
    func readLine() -> String? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while true {
            let count = Foundation.read(fileDescriptor, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return nil }
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
    }
}

/// The processor time that processes have used.
enum ProcessorTime {
    /// That of this process, in microseconds.
    static var own: Double {
        var usage = rusage()
        #if os(Linux)
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        #else
            getrusage(RUSAGE_SELF, &usage)
        #endif
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) * 1e6 + Double($1.tv_usec) }
    }

    /// That of another process, in microseconds and whole hundredths of a second; nil where the system doesn't tell.
    static func of(_ process: Int32) -> Double? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return nil }
        // After the name, which may have spaces: the 12th and 13th field.
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
        return (user + system) * 1e6 / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
