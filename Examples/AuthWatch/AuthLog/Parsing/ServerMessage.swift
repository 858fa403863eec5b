/// The message of a line of the server, and what it means.
struct ServerMessage {
    let text: ArraySlice<UInt8>
    /// Decoded only when the message turns out to be an event.
    let timeBytes: ArraySlice<UInt8>
    /// How many equal messages this one stands for.
    let repetitions: Int
    /// Whether the message ended in `[preauth]`.
    let isBeforeLogin: Bool

    var time: String { timeBytes.text }

    init(_ message: ArraySlice<UInt8>, time: ArraySlice<UInt8>) {
        let (unwrapped, repetitions) = Self.unwrap(message)
        let login = unwrapped.removing(suffix: " [preauth]")
        var scanner = ByteScanner(login ?? unwrapped)
        if !scanner.skip("error: ") { _ = scanner.skip("fatal: ") }
        text = scanner.rest
        timeBytes = time
        self.repetitions = repetitions
        isBeforeLogin = login != nil
    }

    /// The event; nil when the message is none that we have an event for.
    var event: ServerEvent? {
        var scanner = ByteScanner(text)
        for shape in Self.shapes where scanner.skip(shape.beginning) {
            return shape.read(self, scanner.rest)
        }
        return pamEvent
    }

    /// How messages of one kind begin, and what reads the rest of them.
    private typealias Shape = (beginning: StaticString, read: @Sendable (Self, ArraySlice<UInt8>) -> ServerEvent?)

    private static let shapes: [Shape] = [
        ("Failed ", { $0.failedLogin($1) }),
        ("Accepted ", { $0.acceptedLogin($1) }),
        ("Invalid user ", { $0.unknownUser($1) }),
        ("Illegal user ", { $0.unknownUser($1) }),
        ("User ", { $0.refusedUser($1) }),
        ("ROOT LOGIN REFUSED FROM ", { $0.refusedRoot($1) }),
        ("maximum authentication attempts exceeded for ", { $0.exhaustedAttempts($1) }),
        ("Received disconnect from ", { $0.goodbye($1) }),
        ("Disconnected from ", { $0.disconnection($1, .ended) }),
        ("Connection closed by ", { $0.disconnection($1, .closed) }),
        ("Connection reset by ", { $0.disconnection($1, .reset) }),
        ("Timeout, client not responding from ", { $0.disconnection($1, .timedOut) }),
        ("Disconnecting", { $0.thrownOut($1) }),
        ("reverse mapping checking getaddrinfo for ", { $0.unresolvedName($1) }),
        ("Address ", { $0.nameOfAnother($1) }),
        ("Nasty PTR record ", { $0.nastyName($1) }),
        ("Did not receive identification string from ", { $0.failedHandshake($1, "no identification string") }),
        ("Timeout before authentication for ", { $0.timeoutBeforeLogin($1) }),
        ("Bad protocol version identification ", { $0.badVersion($1) }),
        ("banner exchange: Connection from ", { $0.failedHandshake($1) }),
        ("ssh_dispatch_run_fatal: Connection from ", { $0.failedHandshake($1) }),
        ("Unable to negotiate with ", { $0.failedHandshake($1) }),
        ("Protocol major versions differ for ", { $0.failedHandshake($1) }),
        ("Server listening on ", { $0.listening($1) }),
    ]

    /// Takes `message repeated 5 times: [ … ]` apart.
    private static func unwrap(_ message: ArraySlice<UInt8>) -> (text: ArraySlice<UInt8>, repetitions: Int) {
        var scanner = ByteScanner(message)
        guard
            scanner.skip("message repeated "),
            let repetitions = scanner.number(), repetitions > 0,
            scanner.skip(" times: ["),
            let inner = scanner.rest.removing(suffix: "]")
        else { return (message, 1) }
        var text = ByteScanner(inner)
        text.skipSpaces()
        return (text.rest, repetitions)
    }
}
