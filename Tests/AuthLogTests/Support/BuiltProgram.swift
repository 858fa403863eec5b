import Foundation
import Testing

/// The program that the package builds beside its tests.
struct BuiltProgram {
    struct Result {
        let status: Int32
        let output: String
        let errors: String

        var errorLines: [Substring] { errors.split(separator: "\n") }
    }

    private let url: URL

    init() throws {
        // The test bundle is an argument of whatever runs the tests, or runs them itself.
        let folders = CommandLine.arguments.flatMap { argument in
            sequence(first: URL(fileURLWithPath: argument)) { $0.path == "/" ? nil : $0.deletingLastPathComponent() }
        }
        url = try #require(
            folders.map { $0.appendingPathComponent("AuthWatch") }.first {
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: $0.path, isDirectory: &isFolder) && !isFolder.boolValue
            },
            "AuthWatch is not built"
        )
    }

    /// Runs the program to its end, with a file as its standard input.
    func run(_ arguments: [String], input: Data = Data()) throws -> Result {
        try TemporaryFile.with(input) { inputPath in
            try run(arguments, inputPath: inputPath) { $0.readDataToEndOfFile() }
        }
    }

    /// Runs the program while nobody reads what it writes to standard output.
    func runIntoClosedPipe(_ arguments: [String]) throws -> Result {
        try run(arguments, inputPath: "/dev/null") { output in
            try? output.close()
            return Data()
        }
    }

    /// What the program writes to standard error has to fit into a pipe.
    private func run(_ arguments: [String], inputPath: String, read: (FileHandle) -> Data) throws -> Result {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = url
        process.arguments = arguments
        process.standardInput = FileHandle(forReadingAtPath: inputPath)
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let outputData = read(output.fileHandleForReading)
        let errorData = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: String(decoding: outputData, as: UTF8.self),
            errors: String(decoding: errorData, as: UTF8.self)
        )
    }
}
