import Foundation
import Testing

/// That the tests of this target can fail.
@Suite(.timeLimit(.minutes(10))) struct JudgingTests {
    private let wrongCase = #"Where(\.role == .adminn)"#

    @Test func `an expected message passes`() async throws {
        #expect(try await complaints(about: wrongCase + "  // error: has no member 'adminn'").isEmpty)
    }

    @Test func `a message above the line passes`() async throws {
        #expect(try await complaints(about: "// error: has no member 'adminn'\n" + wrongCase).isEmpty)
    }

    @Test func `another message than expected fails`() async throws {
        let complaints = try await complaints(about: wrongCase + "  // error: has no member 'guest'")
        #expect(complaints.count == 1)
        #expect(complaints.first?.contains("Case.swift:4: expected error: has no member 'guest'; got error: ") == true)
        #expect(complaints.first?.contains("'adminn'") == true)
    }

    @Test func `another severity than expected fails`() async throws {
        let complaints = try await complaints(about: wrongCase + "  // warning: has no member 'adminn'")
        #expect(complaints.count == 2)
    }

    @Test func `compiling though it should not fails`() async throws {
        let complaints = try await complaints(about: #"Where(\.role == .admin)  // error: has no member"#)
        #expect(complaints == ["Case.swift:4: expected error: has no member; got nothing"])
    }

    @Test func `an error at another line fails`() async throws {
        let lines = wrongCase + "\nWhere { _ in true }  // error: has no member 'adminn'"
        let complaints = try await complaints(about: lines)
        #expect(complaints.count == 2)
        #expect(complaints.last?.hasPrefix("Case.swift:4: expected nothing else; got error: ") == true)
    }

    @Test func `a warning where none is expected fails`() async throws {
        let complaints = try await complaints(about: "Where { event in var name = event.name; return name.isEmpty }")
        #expect(complaints.count == 1)
        #expect(complaints.first?.contains("got warning: ") == true)
    }

    @Test(arguments: ["unable to type-check this expression in reasonable time", "failed to produce diagnostic"])
    func `a compiler that gives up fails`(message: String) throws {
        try withCase(wrongCase + "  // error: ") { mistake in
            let error = Diagnostic(file: mistake.file.path, line: 4, severity: .error, message: message)
            #expect(mistake.complaints(about: Compilation(error, status: 1)).count == 1)
        }
    }

    @Test func `a crash fails`() throws {
        try withCase(wrongCase + "  // error: adminn") { mistake in
            let error = Diagnostic(file: mistake.file.path, line: 4, severity: .error, message: "adminn")
            #expect(mistake.complaints(about: Compilation(error, status: nil)).count == 1)
            #expect(mistake.complaints(about: Compilation(error, status: 254)).count == 1)
            #expect(mistake.complaints(about: Compilation(error, status: 1)).isEmpty)
        }
    }

    @Test func `an error without a place fails`() throws {
        let printed = "<unknown>:0: error: missing required module"
        try withCase(wrongCase + "  // error: missing") { mistake in
            let error = try #require(Diagnostic.parse(printed).first)
            #expect(mistake.complaints(about: Compilation(error, status: 1)).count == 2)
        }
    }

    private func complaints(about lines: String) async throws -> [String] {
        try await withCase(lines) { mistake in
            mistake.complaints(about: try await Compiler().typecheck(CaseFolder.failures.given + [mistake.file]))
        }
    }

    private func withCase<Result>(
        _ lines: String,
        _ body: (CompileCase) async throws -> Result
    ) async throws -> Result {
        let file = try write(lines)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await body(CompileCase(name: "Case.swift", file: file))
    }

    private func withCase(_ lines: String, _ body: (CompileCase) throws -> Void) throws {
        let file = try write(lines)
        defer { try? FileManager.default.removeItem(at: file) }
        try body(CompileCase(name: "Case.swift", file: file))
    }

    /// The given lines begin at line 4 of the source.
    private func write(_ lines: String) throws -> URL {
        let source = """
            import EventDispatch

            func rule() -> On<UserCreated> { On(UserCreated.self) {
            \(lines)
                Handle { _ in }
            } }
            """
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).swift")
        try source.write(to: file, atomically: true, encoding: .utf8)
        return file
    }
}

extension Compilation {
    fileprivate init(_ diagnostic: Diagnostic, status: Int32?) {
        self.init(diagnostics: [diagnostic], output: "", status: status, duration: .zero)
    }
}
