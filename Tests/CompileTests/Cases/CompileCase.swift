import Foundation
import Testing

/// A small source beside the tests, and what the compiler should report in it.
///
/// An expectation is a comment at the end of the line, or on a line of its own above it:
///
/// ```swift
/// Where(\.role == .adminn)  // error: has no member 'adminn'
/// ```
struct CompileCase: Sendable, CustomTestStringConvertible {
    let name: String
    let file: URL
    let lines: [Substring]
    let expectations: [Diagnostic]

    var testDescription: String { name }

    init(name: String, file: URL) throws {
        self.name = name
        self.file = file
        lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
        expectations = Self.expectations(in: lines, of: file.path)
    }

    private static func expectations(in lines: [Substring], of file: String) -> [Diagnostic] {
        var waiting: [Diagnostic.Severity: [String]] = [:]
        var found: [Diagnostic] = []
        for (index, line) in lines.enumerated() {
            let comment = line.firstMatch(of: /\/\/ (error|warning): (.+)$/)
            if let comment, let severity = Diagnostic.Severity(rawValue: String(comment.1)) {
                waiting[severity, default: []].append(String(comment.2))
            }
            if line.trimmingCharacters(in: .whitespaces).hasPrefix("//") { continue }
            for (severity, messages) in waiting {
                found += messages.map { Diagnostic(file: file, line: index + 1, severity: severity, message: $0) }
            }
            waiting = [:]
        }
        return found
    }
}
