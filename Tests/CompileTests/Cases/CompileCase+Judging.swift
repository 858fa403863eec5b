import Foundation

extension CompileCase {
    /// What is wrong with a compilation of the case; nothing when it went as expected.
    ///
    /// Every expected message has to appear at its line, and nothing at other lines. An error that the compiler adds at
    /// the line of an expected one is let pass, unless it says that the compiler gave up.
    func complaints(about compilation: Compilation) -> [String] {
        var complaints = missing(in: compilation.diagnostics)
        complaints += compilation.diagnostics.compactMap { unexpected($0) }
        if let status = compilation.status, status == 0 || status == 1 {
            let shouldFail = expectations.contains { $0.severity == .error }
            if complaints.isEmpty, (status == 1) != shouldFail {
                complaints.append("\(name): the compiler ended with status \(status): \(compilation.output)")
            }
        } else {
            complaints.append("\(name): the compiler crashed: \(compilation.output)")
        }
        return complaints
    }

    private func missing(in diagnostics: [Diagnostic]) -> [String] {
        expectations.compactMap { expected in
            let there = diagnostics.filter { $0.file == expected.file && $0.line == expected.line }
            if there.contains(where: { $0.severity == expected.severity && $0.message.contains(expected.message) }) {
                return nil
            }
            let got = there.isEmpty ? "nothing" : there.map { "\($0.severity): \($0.message)" }.joined(separator: "; ")
            return "\(name):\(expected.line): expected \(expected.severity): \(expected.message); got \(got)"
        }
    }

    private func unexpected(_ diagnostic: Diagnostic) -> String? {
        let isAtExpectedLine = expectations.contains { expected in
            expected.file == diagnostic.file && expected.line == diagnostic.line
                && expected.severity == diagnostic.severity
        }
        if isAtExpectedLine, !Self.surrenders.contains(where: diagnostic.message.contains) { return nil }
        let place = diagnostic.file == file.path ? "\(name):\(diagnostic.line)" : diagnostic.file ?? name
        return "\(place): expected nothing else; got \(diagnostic.severity): \(diagnostic.message)"
    }

    /// What the compiler says when it does not say what is wrong.
    private static let surrenders = [
        "unable to type-check this expression in reasonable time",
        "failed to produce diagnostic",
        "no exact matches in",
        "ambiguous use of",
        "type of expression is ambiguous",
    ]
}
