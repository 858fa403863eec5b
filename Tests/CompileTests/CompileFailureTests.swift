import Testing

/// Every source in `Tests/CompileFailures` gives the errors and warnings that it names, at their lines.
@Suite struct CompileFailureTests {
    @Test(arguments: try CaseFolder.failures.cases)
    func theMistakeIsNamedAtItsLine(mistake: CompileCase) async throws {
        #expect(!mistake.expectations.isEmpty, "\(mistake.name) names no mistake")
        let compilation = try await Compiler().typecheck(CaseFolder.failures.given + [mistake.file])
        print("\(compilation.duration.inSeconds)  \(mistake.name)")
        for complaint in mistake.complaints(about: compilation) { Issue.record("\(complaint)") }
    }
}
