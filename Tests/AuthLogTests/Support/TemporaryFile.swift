import Foundation

/// A file for the time of a closure.
enum TemporaryFile {
    static func with<Result>(_ contents: Data, _ body: (_ path: String) throws -> Result) throws -> Result {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("authwatch-\(UUID().uuidString).log")
        try contents.write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(url.path)
    }
}
