extension ServerMessage {
    /// What the authentication modules say through the server; nil when they say nothing that we have an event for.
    var pamEvent: ServerEvent? {
        var scanner = ByteScanner(text)
        if scanner.skip("PAM ") { return moreFailures(scanner.rest) }
        if scanner.skip("PAM: Authentication failure for ") { return failureOfNamedUser(scanner.rest) }
        if scanner.skip("pam_") {
            // `unix(sshd:auth): `; other modules than `unix` have the same shape.
            guard scanner.word().last == UInt8(ascii: ":"), scanner.skip(" ") else { return nil }
        }
        if scanner.skip("authentication failure; ") { return pamFailed(scanner.rest, failures: 1) }
        if scanner.skip("session opened for user ") { return sessionOpened(scanner.rest) }
        if scanner.skip("session closed for user ") {
            return .sessionClosed(SessionClosed(time: time, user: withoutNumber(scanner.rest).text))
        }
        return nil
    }

    /// `N more authentication failure[s]; FIELDS`
    private func moreFailures(_ rest: ArraySlice<UInt8>) -> ServerEvent? {
        var scanner = ByteScanner(rest)
        guard let count = scanner.number(), scanner.skip(" more authentication failure") else { return nil }
        _ = scanner.skip("s")
        return scanner.skip("; ") ? pamFailed(scanner.rest, failures: count) : nil
    }

    /// `logname= uid=0 euid=0 tty=ssh ruser= rhost=HOST[  user=USER]`
    private func pamFailed(_ fields: ArraySlice<UInt8>, failures: Int) -> ServerEvent? {
        guard let index = fields.firstIndex(of: "rhost=") else { return nil }
        var scanner = ByteScanner(fields[index...])
        _ = scanner.skip("rhost=")
        let host = scanner.word().text
        scanner.skipSpaces()
        let user = scanner.skip("user=") ? scanner.rest.text : nil
        return .pamFailed(PAMFailed(time: time, user: user, host: host, failures: failures * repetitions))
    }

    /// `[illegal user ]USER from HOST`
    private func failureOfNamedUser(_ rest: ArraySlice<UInt8>) -> ServerEvent? {
        var scanner = ByteScanner(rest)
        _ = scanner.skip("illegal user ")
        guard let (user, host) = scanner.rest.splitAtLast(" from ", Endpoint.address) else { return nil }
        return .pamFailed(PAMFailed(time: time, user: user.text, host: host, failures: repetitions))
    }

    /// `USER[(uid=N)] by [USER](uid=N)`
    private func sessionOpened(_ rest: ArraySlice<UInt8>) -> ServerEvent? {
        let user = rest.splitAtLast(" by ") { _ in true }?.before ?? rest
        return .sessionOpened(SessionOpened(time: time, user: withoutNumber(user).text))
    }

    /// Takes the `(uid=1000)` of newer versions off a name.
    private func withoutNumber(_ user: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        user.removing(suffix: ")")?.splitAtLast("(uid=") { $0.allSatisfy(\.isDigit) ? true : nil }?.before ?? user
    }
}
