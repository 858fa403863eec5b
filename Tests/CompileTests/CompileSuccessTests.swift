import TestSupport
import Testing

/// Every source in `Tests/CompileSuccesses` compiles without a warning, whatever the client's default isolation.
@Suite(.timeLimit(.minutes(10))) struct CompileSuccessTests {
    @Test(arguments: DefaultIsolation.allCases)
    func `every shape compiles`(isolation: DefaultIsolation) async throws {
        let shapes = try CaseFolder.successes.cases
        let files = CaseFolder.successes.given + shapes.map(\.file)
        let compilation = try await Compiler().check(files, options: isolation.options)
        for complaint in compilation.complaints(of: shapes) { Issue.record("\(complaint)") }
    }

    @Test(
        .enabled(if: TestForm.isFull, "in the full form"),
        arguments: try CaseFolder.successes.cases,
        DefaultIsolation.allCases
    )
    func `the shape compiles where it stands alone`(shape: CompileCase, isolation: DefaultIsolation) async throws {
        let files = CaseFolder.successes.given + [shape.file]
        let compilation = try await Compiler().check(files, options: isolation.options)
        print("\(compilation.duration.inSeconds)  \(shape.name), \(isolation)")
        for complaint in shape.complaints(about: compilation) { Issue.record("\(complaint)") }
    }
}
