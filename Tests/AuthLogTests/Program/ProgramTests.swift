import AuthLog
import Foundation
import Testing

@Suite(.timeLimit(.minutes(10))) struct ProgramTests {
    private let program: BuiltProgram
    private let failure = line("Failed password for root from 192.0.2.1 port 22 ssh2")

    init() throws { program = try BuiltProgram() }

    @Test func `without arguments it shows a sample`() throws {
        let result = try program.run([])
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
        for kind in AlertKind.allCases { #expect(result.output.contains("  \(kind.rawValue)")) }
        #expect(result.output.contains("failed password attempts"))
    }

    @Test func `it reads a file`() throws {
        let result = try TemporaryFile.with(Data((failure + "\r\n" + failure).utf8)) { try program.run([$0]) }
        #expect(result.status == 0)
        #expect(result.output.contains("\n2 failed password attempts"))
    }

    @Test func `it reads standard input`() throws {
        let result = try program.run(["-"], input: Data(failure.utf8))
        #expect(result.status == 0)
        #expect(result.output.contains("1 failed password attempt,"))
    }

    @Test func `it writes a trace of the run`() throws {
        try TemporaryFile.with(Data()) { page in
            let result = try program.run(["--trace", page])
            #expect(result.status == 0)
            let text = try String(contentsOfFile: page, encoding: .utf8)
            #expect(text.contains("AuthLog.LoginFailed"))
            #expect(text.contains("AlertRaised"))
        }
    }

    @Test func `a trace that can't be written is one line and status one`() throws {
        let result = try program.run(["--trace", "/nowhere/trace.html"])
        #expect(result.status == 1)
        #expect(result.errorLines.count == 1)
        #expect(result.errors.hasPrefix("authwatch: /nowhere/trace.html: the trace can't be written: "))
        #expect(result.output.contains("failed password attempts"))
    }

    @Test func `a missing file is one line and status one`() throws {
        let path = "/nowhere/auth.log"
        let result = try program.run([path])
        #expect(result.status == 1)
        #expect(result.errorLines == ["authwatch: \(path): No such file or directory"])
        #expect(result.output.isEmpty)
    }

    @Test func `a directory is one line and status one`() throws {
        let result = try program.run(["/"])
        #expect(result.status == 1)
        #expect(result.errorLines == ["authwatch: /: Is a directory"])
        #expect(result.output.isEmpty)
    }

    @Test func `a file without permission is one line and status one`() throws {
        try TemporaryFile.with(Data()) { path in
            try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
            if FileManager.default.isReadableFile(atPath: path) {
                print("skipped: this user may read everything")
                return
            }
            let result = try program.run([path])
            #expect(result.status == 1)
            #expect(result.errorLines == ["authwatch: \(path): Permission denied"])
        }
    }

    @Test(arguments: [["--colour"], ["-x"], ["a", "b"], ["--trace"], ["--trace", "a", "--trace", "b"]])
    func `a command line that makes no sense is one line and status two`(arguments: [String]) throws {
        let result = try program.run(arguments)
        #expect(result.status == 2)
        #expect(result.errorLines.count == 1)
        #expect(result.errors.hasPrefix("authwatch: "))
        #expect(result.output.isEmpty)
    }

    @Test(arguments: ["--help", "-h"])
    func `help says how to use it`(option: String) throws {
        let result = try program.run([option])
        #expect(result.status == 0)
        #expect(result.output.hasPrefix("usage: authwatch"))
    }

    @Test func `nothing in a log reaches the terminal unescaped`() throws {
        let user = "\u{1B}]0;x\u{7}\u{202E}\0\r"
        let lines = [
            line("Accepted password for \(user) from 192.0.2.1 port 22 ssh2"),
            line("User \(user) from 192.0.2.1 not allowed because \(user)"),
            "\(user) nonsense \u{1B}[2J",
        ]
        let result = try program.run(["-"], input: Data(lines.joined(separator: "\n").utf8))
        #expect(result.output.contains("refused user"))
        #expect(result.output.contains("nonsense"))
        let hostile = result.output.unicodeScalars.filter { scalar in
            scalar != "\n" && [.control, .format].contains(scalar.properties.generalCategory)
        }
        #expect(hostile.isEmpty)
    }

    @Test func `a reader that goes away is no crash`() throws {
        // More than fits into a pipe, so that the program has to notice.
        let log = Data(
            (0..<20_000).map { failure.replacing("192.0.2.1", with: "2001:db8::\($0)") + "\n" }.joined().utf8
        )
        let result = try TemporaryFile.with(log) { try program.runIntoClosedPipe([$0]) }
        #expect(result.errors.isEmpty)
        #expect(result.status == 13 || result.status == 141)
    }
}
