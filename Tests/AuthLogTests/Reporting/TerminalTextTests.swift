import AuthLog
import Testing

@Suite(.timeLimit(.minutes(10))) struct TerminalTextTests {
    @Test(arguments: [
        ("\r\n\t\0", "\\r\\n\\t\\0"),
        ("\u{1B}[31mred", "\\u{1B}[31mred"),
        ("\u{7F}\u{9B}2J\u{85}", "\\u{7F}\\u{9B}2J\\u{85}"),
        ("\u{202E}\u{2066}\u{200F}", "\\u{202E}\\u{2066}\\u{200F}"),
        ("\u{2028}\u{2029}\u{200B}\u{FEFF}", "\\u{2028}\\u{2029}\\u{200B}\\u{FEFF}"),
        ("\u{E0041}", "\\u{E0041}"),
    ])
    func `what could steer a terminal is escaped`(text: String, escaped: String) {
        #expect(TerminalText.escaped(text) == escaped)
    }

    @Test(arguments: ["plain text, ~!", "", "é ü 漢字 \u{FFFD}", "back\\slash"])
    func `what is harmless stays as it is`(text: String) {
        #expect(TerminalText.escaped(text) == text)
    }

    @Test func `a long text is cut`() {
        #expect(TerminalText.escaped("abcdef", upTo: 6) == "abcdef")
        #expect(TerminalText.escaped("abcdefg", upTo: 6) == "abcde…")
        #expect(TerminalText.escaped(String(repeating: "\u{1B}", count: 9), upTo: 8).count == 8)
    }
}
