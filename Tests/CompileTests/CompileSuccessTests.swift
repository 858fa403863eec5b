import Testing

/// Every source in `Tests/CompileSuccesses` compiles without a warning, whatever the client's default isolation.
@Suite struct CompileSuccessTests {
    @Test(arguments: try CaseFolder.successes.cases, DefaultIsolation.allCases)
    func theShapeCompiles(shape: CompileCase, isolation: DefaultIsolation) async throws {
        let files = CaseFolder.successes.given + [shape.file]
        let compilation = try await Compiler().check(files, options: isolation.options)
        print("\(compilation.duration.inSeconds)  \(shape.name), \(isolation)")
        for complaint in shape.complaints(about: compilation) { Issue.record("\(complaint)") }
    }
}
