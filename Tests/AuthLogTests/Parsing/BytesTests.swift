import AuthLog
import Testing

@Suite(.timeLimit(.minutes(10))) struct BytesTests {
    private func parse(_ bytes: [UInt8]) -> LogLine { LogLineParser().parse(bytes[...]) }

    @Test func `bytes that are not UTF-8 lose no line`() {
        let bytes =
            Array(line("Failed password for r").utf8) + [0xFF, 0xC3] + Array("t from 192.0.2.1 port 22 ssh2".utf8)
        let failed = LoginFailed(time: noon, user: "r\u{FFFD}\u{FFFD}t", address: "192.0.2.1", port: 22)
        #expect(parse(bytes) == .event(.loginFailed(failed)))
    }

    @Test func `control characters lose no line`() {
        let user = "\u{0}\u{1B}]0;x\u{7}\r\u{202E}"
        let failed = LoginFailed(time: noon, user: user, address: "192.0.2.1", port: 22)
        #expect(event("Failed password for \(user) from 192.0.2.1 port 22 ssh2") == .loginFailed(failed))
    }

    @Test func `an address with strange bytes is none`() {
        #expect(event("Failed password for bob from 192.0.2.1\u{1B}[2J port 22 ssh2") == nil)
        #expect(event("Failed password for bob from \(String(repeating: "1", count: 256)) port 22 ssh2") == nil)
    }

    @Test func `a line of any bytes is parsed without trap`() {
        var generator = SystemRandomNumberGenerator()
        let seed = generator.next() as UInt64
        var random = LinearGenerator(state: seed)
        let beginnings = [
            "", "Dec 10 06:55:46 h sshd[1]: ", "2024-01-02T03:04:05Z h sshd: Failed ", "message repeated ",
            "\(noon) h sshd: Disconnecting ", "\(noon) h sshd: Failed password for invalid user ",
            "\(noon) h sshd: Received disconnect from ", "\(noon) h sshd: pam_unix", "<", "sshd[", "Tue ",
        ]
        let alphabet = Array(" from port 0123456789:[].;<>-user ssh2\u{0}\t\u{FF}\u{1B}".utf8)
        for _ in 0..<20_000 {
            let beginning = beginnings[Int(random.next() % UInt64(beginnings.count))]
            let rest = (0..<random.next() % 60).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
            if case .blank = parse(Array(beginning.utf8) + rest) { #expect(beginning.isEmpty, "seed \(seed)") }
        }
    }
}

/// Random numbers that a seed repeats.
private struct LinearGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 16
    }
}
