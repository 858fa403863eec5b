import AuthLog
import Testing

@Suite(.timeLimit(.minutes(10))) struct AlertTextTests {
    private func alert(text: String, time: String = noon) -> Announcement {
        .alert(AlertRaised(time: time, address: "192.0.2.1", kind: .rootFailure, numberForAddress: 1, text: text))
    }

    @Test func `an alert is one line whatever the log says`() {
        let line = AlertText.line(for: alert(text: "a\nb\r\u{1B}[2J"), style: .plain)
        #expect(line.hasSuffix("a\\nb\\r\\u{1B}[2J"))
        #expect(!line.contains { $0.isNewline })
    }

    @Test func `an alert says when what and where`() {
        let words = AlertText.line(for: alert(text: "it failed"), style: .plain).split(separator: "  ")
        #expect(words.map { $0.drop { $0 == " " } } == ["Dec 10 12:00:00", "root failure", "192.0.2.1", "it failed"])
    }

    @Test func `an alert without a time begins with its kind`() {
        #expect(AlertText.line(for: alert(text: "x", time: ""), style: .plain).hasPrefix("root failure"))
    }

    @Test func `there are no colours unless asked for`() {
        #expect(!AlertText.line(for: alert(text: "x"), style: .plain).contains("\u{1B}"))
        #expect(AlertText.line(for: alert(text: "x"), style: .coloured).contains("\u{1B}[33m"))
    }
}
