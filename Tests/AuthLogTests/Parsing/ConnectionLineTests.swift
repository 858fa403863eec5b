import AuthLog
import Testing

@Suite(.timeLimit(.minutes(10))) struct ConnectionLineTests {
    @Test(arguments: [
        ("192.0.2.1: 11: Bye Bye [preauth]", "192.0.2.1", nil, 11, "Bye Bye", true),
        ("192.0.2.1 port 22:11: Bye Bye", "192.0.2.1", 22, 11, "Bye Bye", false),
        ("2001:db8::1: 11: disconnected by user", "2001:db8::1", nil, 11, "disconnected by user", false),
        ("2001:db8:: port 9:11:  [preauth]", "2001:db8::", 9, 11, "", true),
        ("192.0.2.1 port 22:3: a: b: c [preauth]", "192.0.2.1", 22, 3, "a: b: c", true),
    ])
    func `a goodbye comes with its code and text`(
        rest: String,
        address: String,
        port: Int?,
        code: Int,
        text: String,
        isBeforeLogin: Bool
    ) {
        let disconnected = Disconnected(
            time: noon,
            end: .saidGoodbye,
            address: address,
            port: port,
            code: code,
            text: text,
            isBeforeLogin: isBeforeLogin
        )
        #expect(event("Received disconnect from \(rest)") == .disconnected(disconnected))
        #expect(event("error: Received disconnect from \(rest)") == .disconnected(disconnected))
    }

    @Test(arguments: [
        ("Disconnected from", Disconnected.End.ended),
        ("Connection closed by", .closed),
        ("Connection reset by", .reset),
        ("Timeout, client not responding from", .timedOut),
    ])
    func `the end of a connection says how`(beginning: String, end: Disconnected.End) {
        let plain = Disconnected(time: noon, end: end, address: "192.0.2.1")
        #expect(event("\(beginning) 192.0.2.1") == .disconnected(plain))
        let withPort = Disconnected(time: noon, end: end, address: "192.0.2.1", port: 22, isBeforeLogin: true)
        #expect(event("\(beginning) 192.0.2.1 port 22 [preauth]") == .disconnected(withPort))
    }

    @Test(arguments: ["authenticating user", "invalid user", "user"], ["bob", "", "a b", "192.0.2.9 port 5", " x"])
    func `the end of a connection says whose`(kind: String, user: String) {
        let ended = Disconnected(time: noon, end: .ended, address: "2001:db8::1", port: 22, user: user)
        #expect(event("Disconnected from \(kind) \(user) 2001:db8::1 port 22") == .disconnected(ended))
    }

    @Test func `whom the server throws out is named in newer versions`() {
        let text = "Too many authentication failures"
        let thrownOut = Disconnected(
            time: noon,
            end: .thrownOut,
            address: "192.0.2.1",
            port: 22,
            user: "a: b",
            text: text,
            isBeforeLogin: true
        )
        let message = "Disconnecting authenticating user a: b 192.0.2.1 port 22: \(text) [preauth]"
        #expect(event(message) == .disconnected(thrownOut))
    }

    @Test func `whom the server throws out is not named in older versions`() {
        let text = "Too many authentication failures for root"
        let thrownOut = Disconnected(time: noon, end: .thrownOut, text: text, isBeforeLogin: true)
        #expect(event("Disconnecting: \(text) [preauth]") == .disconnected(thrownOut))
    }

    @Test(arguments: [
        ("Did not receive identification string from 192.0.2.1", nil, "no identification string"),
        ("Did not receive identification string from 192.0.2.1 port 22", 22, "no identification string"),
        ("Bad protocol version identification 'GET / from x' from 192.0.2.1 port 22", 22, "bad version 'GET / from x'"),
        ("banner exchange: Connection from 192.0.2.1 port 22: invalid format", 22, "invalid format"),
        ("error: banner exchange: Connection from 192.0.2.1 port 22: invalid format", 22, "invalid format"),
        ("Unable to negotiate with 192.0.2.1 port 22: no match: x [preauth]", 22, "no match: x"),
        ("fatal: Unable to negotiate with 192.0.2.1: no match [preauth]", nil, "no match"),
        ("ssh_dispatch_run_fatal: Connection from user b 192.0.2.1 port 22: Broken pipe", 22, "Broken pipe"),
        ("fatal: Timeout before authentication for 192.0.2.1 port 22", 22, "timeout before authentication"),
        (
            "Timeout before authentication for connection from 192.0.2.1 to 198.51.100.1, pid = 9", nil,
            "timeout before authentication"
        ),
    ])
    func `a client that never logs in fails the handshake`(message: String, port: Int?, reason: String) {
        let failed = HandshakeFailed(time: noon, address: "192.0.2.1", port: port, reason: reason)
        #expect(event(message) == .handshakeFailed(failed))
    }

    @Test(arguments: [
        (
            "reverse mapping checking getaddrinfo for a.example [192.0.2.1] failed - POSSIBLE BREAK-IN ATTEMPT!",
            "a.example"
        ),
        ("reverse mapping checking getaddrinfo for a [b] [192.0.2.1] failed.", "a [b]"),
        ("reverse mapping checking getaddrinfo for 192.0.2.1 failed - POSSIBLE BREAK-IN ATTEMPT!", "192.0.2.1"),
    ])
    func `a name that does not resolve is suspicious`(message: String, host: String) {
        let suspected = BreakInSuspected(time: noon, address: "192.0.2.1", host: host, suspicion: .unresolved)
        #expect(event(message) == .breakInSuspected(suspected))
    }

    @Test func `a name of another address is suspicious`() {
        let message = """
            Address 192.0.2.1 maps to localhost, but this does not map back to the address \
            - POSSIBLE BREAK-IN ATTEMPT!
            """
        let suspected = BreakInSuspected(
            time: noon,
            address: "192.0.2.1",
            host: "localhost",
            suspicion: .resolvesElsewhere
        )
        #expect(event(message) == .breakInSuspected(suspected))
    }

    @Test func `a name that looks like an address is suspicious`() {
        let suspected = BreakInSuspected(
            time: noon,
            address: "192.0.2.1",
            host: "198.51.100.1",
            suspicion: .looksLikeAnAddress
        )
        let message = "Nasty PTR record \"198.51.100.1\" is set up for 192.0.2.1, ignoring"
        #expect(event(message) == .breakInSuspected(suspected))
    }

    @Test(arguments: ["0.0.0.0", "::"])
    func `a server that listens says where`(address: String) {
        let listening = ServerListening(time: noon, address: address, port: 22)
        #expect(event("Server listening on \(address) port 22.") == .serverListening(listening))
    }
}
