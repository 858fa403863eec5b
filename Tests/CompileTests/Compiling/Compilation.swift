import Foundation

/// What came of compiling something.
struct Compilation {
    let diagnostics: [Diagnostic]
    let output: String
    /// The exit status; nil when the compiler was killed by a signal.
    let status: Int32?
    let duration: Duration

    /// What is wrong with the compilation of cases that were compiled together.
    ///
    /// The compiler's status is the same for all, so for a case that compiles without an error it counts as success.
    func complaints(of cases: [CompileCase]) -> [String] {
        let files = Set(cases.map(\.file.path))
        let outside = diagnostics.filter { !files.contains($0.file ?? "") }
        let complaints = cases.flatMap { part in
            let own = diagnostics.filter { $0.file == part.file.path }
            let hasError = own.contains { $0.severity == .error }
            let status = status == 1 && !hasError ? 0 : status
            return part.complaints(
                about: Compilation(diagnostics: own, output: output, status: status, duration: duration)
            )
        }
        return complaints + outside.map { "expected nothing else; got \($0)" }
    }
}
