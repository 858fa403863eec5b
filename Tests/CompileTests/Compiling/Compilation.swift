/// What came of compiling something.
struct Compilation {
    let diagnostics: [Diagnostic]
    let output: String
    /// The exit status; nil when the compiler was killed by a signal.
    let status: Int32?
    let duration: Duration
}
