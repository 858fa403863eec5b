import Foundation
import Testing

/// A row of the README's table "Mistakes that do not compile".
struct MistakeRow: Sendable, CustomTestStringConvertible {
    let code: String
    let severity: Diagnostic.Severity
    let message: String

    var testDescription: String { code }

    /// Whether a case holds the row: it expects the row's message at a line that begins with the row's code.
    ///
    /// `…` stands for anything.
    func isHeld(by mistake: CompileCase) -> Bool {
        mistake.expectations.contains { expected in
            expected.severity == severity && expected.message == message && shows(mistake.lines[(expected.line - 1)...])
        }
    }

    private func shows(_ lines: ArraySlice<Substring>) -> Bool {
        let parts = code.split(separator: "…").map { $0.trimmingCharacters(in: .whitespaces) }
        guard let first = parts.first, lines.first?.contains(first) == true else { return false }
        var rest = lines.joined(separator: "\n")[...]
        for part in parts {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }

    /// The rows that the README has.
    static var all: [MistakeRow] {
        get throws {
            let readme = CaseFolder.package.appendingPathComponent("README.md")
            let text = try String(contentsOf: readme, encoding: .utf8)
            guard let section = text.firstRange(of: "\n## Mistakes that do not compile\n") else { return [] }
            let lines = text[section.upperBound...].split(separator: "\n").prefix { !$0.hasPrefix("## ") }
            return lines.compactMap(MistakeRow.init(line:))
        }
    }

    private init?(line: Substring) {
        guard let match = line.wholeMatch(of: /\| `(.+?)`[^|]* \| (warning: )?(.+) \|/) else { return nil }
        code = String(match.1)
        severity = match.2 == nil ? .error : .warning
        message = String(match.3)
    }
}
