import Foundation
import Testing

/// The server as a process of its own, which ends at the latest when its time is up.
final class ServerProcess {
    private let process = Process()
    private let output: FileHandle
    private let deadline: DispatchWorkItem

    /// Where the package builds the server, beside its tests.
    static func executable() throws -> URL {
        // The test bundle is an argument of whatever runs the tests, or runs them itself.
        let folders = CommandLine.arguments.flatMap { argument in
            sequence(first: URL(fileURLWithPath: argument)) { $0.path == "/" ? nil : $0.deletingLastPathComponent() }
        }
        return try #require(
            folders.map { $0.appendingPathComponent("GracefulShutdown") }.first {
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: $0.path, isDirectory: &isFolder) && !isFolder.boolValue
            },
            "GracefulShutdown is not built"
        )
    }

    init(_ executable: URL, seconds: Int) throws {
        let pipe = Pipe()
        process.executableURL = executable
        process.standardOutput = pipe
        output = pipe.fileHandleForReading
        try process.run()
        let id = process.processIdentifier
        deadline = DispatchWorkItem { kill(id, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds), execute: deadline)
    }

    /// The next line that it prints; empty when it has ended.
    func nextLine() throws -> String {
        var line = Data()
        while let byte = try output.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) { line += byte }
        return String(decoding: line, as: UTF8.self)
    }

    func terminate() { kill(process.processIdentifier, SIGTERM) }

    /// Waits for its end; negative when a signal ended it.
    func status() -> Int32 {
        process.waitUntilExit()
        deadline.cancel()
        return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }

    deinit {
        deadline.cancel()
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
}
