import AuthLog

/// Holds the parser to what it says of any line.
struct LineCheck {
    private let line: [UInt8]
    private let parser = LogLineParser()

    init(_ line: [UInt8]) { self.line = line }

    func run() {
        let parsed = parser.parse(line[...])
        require(parser.parse(line[...]) == parsed, "the parser keeps something between lines")
        // A line is mostly part of a buffer: its indices begin anywhere, and something else follows it.
        let buffer = [0x31, 0x20] + line + Array(" from 192.0.2.1 port 22 ssh2".utf8)
        require(parser.parse(buffer[2..<2 + line.count]) == parsed, "what surrounds a line changes it")
        require(parser.parse((line + [0x20, 0x09])[...]) == parsed, "spaces at the end of a line change it")
        let isBlank = line.allSatisfy { $0 == 0x20 || $0 == 0x09 }
        require(isBlank == (parsed == .blank), "a line is blank when there are only spaces in it")
        if case .event(let event) = parsed { check(event) }
        if case .repetition(_, let times) = parsed { require(times >= 0, "\(times) repetitions") }
    }

    private func check(_ event: ServerEvent) {
        switch event {
        case .loginFailed(let event):
            check(event)
            require(event.attempts > 0, "\(event)")
        case .loginAccepted(let event): check(event)
        case .methodsAsked(let event): check(event)
        case .unknownUserNamed(let event): check(event)
        case .attemptsExhausted(let event): check(event)
        case .breakInSuspected(let event): check(event)
        case .handshakeFailed(let event): check(event)
        case .loginRefused(let event): check(address: event.address)
        case .disconnected(let event): check(address: event.address)
        case .serverListening(let event): check(address: event.address)
        case .pamFailed(let event): require(event.failures >= 0, "\(event)")
        case .sessionOpened, .sessionClosed: break
        }
    }

    private func check(_ event: some SourcedEvent) { check(address: event.address) }

    /// An address never holds what could be mistaken for anything else, or steer a terminal.
    private func check(address: String?) {
        guard let address else { return }
        let isAddress = address.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && !"\"'()*+,/;<=>?@[\\]^`{|}~!#$&".utf8.contains(byte)
        }
        require((1...255).contains(address.utf8.count) && isAddress, address)
    }
}
