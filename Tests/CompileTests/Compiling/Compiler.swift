import Foundation
import Testing

/// The compiler on `PATH`, with the modules that are built beside the tests.
struct Compiler {
    private let modules: URL
    private let log = FileManager.default.temporaryDirectory

    init() throws {
        // The test bundle is an argument of whatever runs the tests, or runs them itself.
        let folders = CommandLine.arguments.flatMap { argument in
            sequence(first: URL(fileURLWithPath: argument)) { $0.path == "/" ? nil : $0.deletingLastPathComponent() }
        }
        modules = try #require(
            folders.map { $0.appendingPathComponent("Modules") }.first {
                FileManager.default.fileExists(atPath: $0.appendingPathComponent("EventDispatch.swiftmodule").path)
            },
            "found no folder Modules beside \(CommandLine.arguments)"
        )
    }

    /// Type-checks all files as one module, when fewer than two others are compiled.
    func typecheck(_ files: [URL], options: [String] = []) async throws -> Compilation {
        try await compile(["-typecheck", "-wmo"] + options, files)
    }

    /// Compiles files as one module as far as all errors and warnings are known, and writes nothing.
    ///
    /// Some, those about data that crosses from one actor to another among them, come after type checking.
    func check(_ files: [URL], options: [String] = []) async throws -> Compilation {
        try await compile(["-emit-sil", "-wmo", "-o", "/dev/null"] + options, files)
    }

    private func compile(_ options: [String], _ files: [URL]) async throws -> Compilation {
        await CompilerSlots.shared.take()
        let result: Result<Compilation, any Error>
        do { result = .success(try await run(options, files)) } catch { result = .failure(error) }
        await CompilerSlots.shared.giveBack()
        return try result.get()
    }

    private func run(_ options: [String], _ files: [URL]) async throws -> Compilation {
        let printed = log.appendingPathComponent("compiler-\(UUID().uuidString).log")
        try Data().write(to: printed)
        defer { try? FileManager.default.removeItem(at: printed) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["swiftc"] + options + settings + files.map(\.path)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: printed)
        let clock = ContinuousClock()
        let start = clock.now
        try await process.runToEnd()
        let duration = clock.now - start
        let output = try String(contentsOf: printed, encoding: .utf8)
        return Compilation(
            diagnostics: Diagnostic.parse(output),
            output: output,
            status: process.terminationReason == .exit ? process.terminationStatus : nil,
            duration: duration
        )
    }

    private var settings: [String] {
        let moduleMap = modules.appendingPathComponent("../CEventDispatch.build/module.modulemap").standardized
        return [
            "-swift-version", "6", "-module-name", "Client", "-parse-as-library", "-diagnostic-style", "llvm",
            "-I", modules.path, "-Xcc", "-fmodule-map-file=\(moduleMap.path)",
        ]
    }
}
