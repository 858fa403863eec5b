import AuthLog
import Foundation
import Testing

@Suite(.timeLimit(.minutes(10))) struct WholeLogTests {
    /// A log with 520 lines of failed passwords, two of which stand for five each.
    private static let lines: [String] =
        (0..<518).map { line("Failed password for user\($0 % 7) from 192.0.2.\($0 % 9) port \(1024 + $0) ssh2") }
        + (0..<2).map { _ in
            line("message repeated 5 times: [ Failed password for root from 198.51.100.1 port 22 ssh2]")
        }
        + (0..<4).map { line("Failed none for invalid user 0 from 198.51.100.2 port \($0) ssh2") }
        + [
            line("Accepted password for bob from 203.0.113.1 port 22 ssh2"),
            "\(noon) host cron[1]: Failed password for",
        ]

    @Test(arguments: ["\n", "\r\n"], [true, false])
    func `attempts are counted whatever the line endings`(ending: String, isLastLineEnded: Bool) throws {
        let text = Self.lines.joined(separator: ending) + (isLastLineEnded ? ending : "")
        let summary = try WatchedLog(bytes: Array(text.utf8)).summary()
        #expect(summary.failedPasswords == 528)
        #expect(summary.count(of: "LoginFailed") == 520)
        #expect(summary.count(of: "MethodsAsked") == 4)
        #expect(summary.count(of: "LoginAccepted") == 1)
        #expect(summary.lineCounts.lines == 526)
        #expect(summary.lineCounts.otherPrograms == 1)
        #expect(summary.lineCounts.notUnderstood == 0)
    }

    @Test func `only passwords count as passwords`() throws {
        let methods = ["password", "keyboard-interactive/pam", "publickey", "hostbased", "none"]
        let log = try WatchedLog(methods.map { line("Failed \($0) for bob from 192.0.2.1 port 22 ssh2") })
        #expect(log.summary().failedPasswords == 1)
        #expect(log.summary().count(of: "LoginFailed") == 4)
    }

    @Test func `the lines of syslogd repeat a failed login`() throws {
        let log = try WatchedLog([
            line("Failed password for bob from 192.0.2.1 port 22 ssh2"),
            "Dec 10 12:00:09 host last message repeated 4 times",
            line("Connection closed by 192.0.2.1 [preauth]"),
            "Dec 10 12:00:19 host last message repeated 4 times",
        ])
        #expect(log.summary().failedPasswords == 5)
        #expect(log.summary().lineCounts.otherPrograms == 1)
    }

    @Test func `a line that is too long is cut and the next is read`() throws {
        let long = line("Failed password for " + String(repeating: "x", count: 100_000))
        let log = try WatchedLog([long, line("Failed password for bob from 192.0.2.1 port 22 ssh2")])
        #expect(log.cutLines == 1)
        #expect(log.summary().failedPasswords == 1)
        #expect(log.summaryText().contains(/cut, because longer than 65,536 bytes +1\n/))
    }

    @Test func `a real log has the expected numbers`() throws {
        let environment = ProcessInfo.processInfo.environment
        guard
            let path = environment["AUTHWATCH_LOG"],
            let failures = environment["AUTHWATCH_EXPECTED_FAILED_PASSWORDS"].flatMap({ Int($0) }),
            let logins = environment["AUTHWATCH_EXPECTED_ACCEPTED"].flatMap({ Int($0) })
        else {
            print("skipped: no AUTHWATCH_LOG with its AUTHWATCH_EXPECTED_… numbers")
            return
        }
        let summary = try WatchedLog(bytes: Array(Data(contentsOf: URL(fileURLWithPath: path)))).summary()
        #expect(summary.failedPasswords == failures)
        #expect(summary.count(of: "LoginAccepted") == logins)
    }
}
