import AuthLog

/// Holds the parser to its promise that a user's name may hold anything, even what looks like the rest of a line.
struct UserNameCheck {
    private let name: [UInt8]

    init(_ name: [UInt8]) { self.name = name }

    func run() {
        let user = String(decoding: name, as: UTF8.self)
        let failed = LoginFailed(time: "Dec 10 12:00:00", user: user, address: "192.0.2.1", port: 22, userExists: false)
        let unknown = UnknownUserNamed(time: "Dec 10 12:00:00", user: user, address: "192.0.2.1", port: 22)
        require(event("Failed password for invalid user ", " ssh2") == .loginFailed(failed), "\(failed)")
        require(event("Invalid user ", "") == .unknownUserNamed(unknown), "\(unknown)")
    }

    private func event(_ beginning: String, _ end: String) -> ServerEvent? {
        let (front, back) = ("Dec 10 12:00:00 host sshd[1]: \(beginning)", " from 192.0.2.1 port 22\(end)")
        guard case .event(let event) = LogLineParser().parse((front.utf8 + name + back.utf8)[...]) else { return nil }
        return event
    }
}
