import AuthLog
import Testing

@Suite(.timeLimit(.minutes(10))) struct SummaryTextTests {
    @Test func `the summary counts events handlers addresses and lines`() throws {
        let log = try WatchedLog([
            line("Failed password for root from 192.0.2.1 port 22 ssh2"),
            line("message repeated 1233 times: [ Failed password for root from 192.0.2.1 port 22 ssh2]"),
            line("check pass; user unknown"),
            "\(noon) host cron[1]: job",
            "no log line",
        ])
        let text = log.summaryText()
        #expect(
            text.contains("1,234 failed password attempts, 0 accepted logins, 3 alerts (3 shown), 1 address remembered")
        )
        #expect(text.contains(/LoginFailed +2\n/))
        #expect(text.contains(/alert: failed as root +2\n/))
        #expect(text.contains(/alert: login as root +0\n/))
        #expect(text.contains(/192\.0\.2\.1 +1,234 +1 +3\n/))
        #expect(text.contains(/other lines of the server +1\n/))
        #expect(text.contains(/lines of other programs +1\n/))
        #expect(text.contains(/not understood +1\n/))
        #expect(text.contains("6 events in 1.000 s: 6 events a second, 5 lines a second"))
    }

    @Test func `lines that were not understood are shown escaped`() throws {
        let text = try WatchedLog(["fine\u{1B}[2J"]).summaryText()
        #expect(text.contains("  line 1: fine\\u{1B}[2J"))
        #expect(!text.contains("\u{1B}"))
    }

    @Test func `only the first few are shown`() throws {
        let text = try WatchedLog((1...50).map { "nonsense \($0)" }).summaryText()
        #expect(text.contains("nonsense 3"))
        #expect(!text.contains("nonsense 4"))
        #expect(text.contains(/not understood +50\n/))
    }

    @Test func `an empty log has a summary`() throws {
        let text = try WatchedLog([]).summaryText()
        #expect(text.hasPrefix("0 failed password attempts, 0 accepted logins"))
        #expect(text.contains("0 events in"))
    }

    @Test func `a duration of nothing divides nothing`() throws {
        let summary = try WatchedLog([]).summary(duration: .zero)
        #expect(SummaryText.lines(for: summary, style: .plain).last == "0 events in 0.000 s: too fast to measure")
    }

    @Test func `addresses with most failures come first`() throws {
        let log = try WatchedLog(
            (1...20).map { number in
                let failure = "Failed password for bob from 192.0.2.\(number) port 22 ssh2"
                return line("message repeated \(number) times: [ \(failure)]")
            }
        )
        let rows = log.summary().addresses
        #expect(rows.first?.address == "192.0.2.20")
        #expect(rows.map(\.failures) == Array((13...20).reversed()))
    }
}
