import TestSupport
import Testing

/// Every source in `Tests/CompileFailures` gives the errors and warnings that it names, at their lines.
@Suite(.timeLimit(.minutes(10))) struct CompileFailureTests {
    @Test func `every mistake is named at its line`() async throws {
        let mistakes = try CaseFolder.failures.cases
        for mistake in mistakes { #expect(!mistake.expectations.isEmpty, "\(mistake.name) names no mistake") }
        let compilation = try await Compiler().typecheck(CaseFolder.failures.given + mistakes.map(\.file))
        for complaint in compilation.complaints(of: mistakes) { Issue.record("\(complaint)") }
    }

    @Test(.enabled(if: TestForm.isFull, "in the full form"), arguments: try CaseFolder.failures.cases)
    func `the mistake is named where it stands alone`(mistake: CompileCase) async throws {
        let compilation = try await Compiler().typecheck(CaseFolder.failures.given + [mistake.file])
        print("\(compilation.duration.inSeconds)  \(mistake.name)")
        for complaint in mistake.complaints(about: compilation) { Issue.record("\(complaint)") }
    }
}
