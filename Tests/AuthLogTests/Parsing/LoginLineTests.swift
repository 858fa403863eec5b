import AuthLog
import Testing

@Suite(.timeLimit(.minutes(10))) struct LoginLineTests {
    @Test(arguments: [
        ("password", LoginMethod.password),
        ("publickey", .publicKey),
        ("keyboard-interactive/pam", .keyboardInteractive),
        ("hostbased", .hostBased),
        ("gssapi-with-mic", .gssapi),
        ("something-new", .other("something-new")),
    ])
    func `a failed login says its method`(name: String, method: LoginMethod) {
        let failed = LoginFailed(time: noon, user: "bob", address: "192.0.2.1", port: 4711, method: method)
        #expect(event("Failed \(name) for bob from 192.0.2.1 port 4711 ssh2") == .loginFailed(failed))
    }

    @Test func `a failed login says whether the user exists`() {
        let failed = LoginFailed(time: noon, user: "admin", address: "192.0.2.1", port: 22, userExists: false)
        #expect(event("Failed password for invalid user admin from 192.0.2.1 port 22 ssh2") == .loginFailed(failed))
    }

    @Test func `a failed key is named after the protocol`() {
        let failed = LoginFailed(time: noon, user: "bob", address: "192.0.2.1", port: 22, method: .publicKey)
        let message = "Failed publickey for bob from 192.0.2.1 port 22 ssh2: RSA SHA256:abc/def+ghi"
        #expect(event(message) == .loginFailed(failed))
    }

    @Test(arguments: ["192.0.2.1", "2001:db8::1", "fe80::1%eth0", "::ffff:192.0.2.1", "host-1.example.com", "UNKNOWN"])
    func `addresses of both families and names are understood`(address: String) {
        let failed = LoginFailed(time: noon, user: "bob", address: address, port: 22)
        #expect(event("Failed password for bob from \(address) port 22 ssh2") == .loginFailed(failed))
    }

    @Test(arguments: [
        "", " ", " admin", "a b", "from", "x from", "from x", "x from 198.51.100.9 port 1 ssh2", "root port 22 ssh2",
        "bob from 198.51.100.9 port 1 ssh2: RSA x", "invalid user x", "é\u{1F4A9}", "]", "a [preauth]",
    ])
    func `a user name may hold anything`(user: String) {
        let message = "Failed password for invalid user \(user) from 192.0.2.1 port 22 ssh2"
        let failed = LoginFailed(time: noon, user: user, address: "192.0.2.1", port: 22, userExists: false)
        #expect(event(message) == .loginFailed(failed))
        let unknown = UnknownUserNamed(time: noon, user: user, address: "192.0.2.1", port: 22)
        #expect(event("Invalid user \(user) from 192.0.2.1 port 22") == .unknownUserNamed(unknown))
    }

    @Test func `a repeated message counts its attempts`() {
        let failed = LoginFailed(time: noon, user: "root", address: "192.0.2.1", port: 22, attempts: 5)
        let message = "message repeated 5 times: [ Failed password for root from 192.0.2.1 port 22 ssh2]"
        #expect(event(message) == .loginFailed(failed))
    }

    @Test func `a question for the methods is no failed login`() {
        let asked = MethodsAsked(time: noon, user: "admin", address: "192.0.2.1", port: 22, userExists: false)
        #expect(event("Failed none for invalid user admin from 192.0.2.1 port 22 ssh2") == .methodsAsked(asked))
    }

    @Test(arguments: [
        ("password", "", LoginMethod.password),
        ("publickey", ": ED25519 SHA256:abc", .publicKey),
        ("publickey", ": RSA-CERT SHA256:abc ID bob (serial 7) CA ED25519 SHA256:def", .publicKey),
        ("keyboard-interactive/pam", "", .keyboardInteractive),
    ])
    func `an accepted login is one`(name: String, key: String, method: LoginMethod) {
        let accepted = LoginAccepted(time: noon, user: "bob", address: "192.0.2.1", port: 22, method: method)
        #expect(event("Accepted \(name) for bob from 192.0.2.1 port 22 ssh2\(key)") == .loginAccepted(accepted))
    }

    @Test func `an unknown user is named with and without a port`() {
        let old = UnknownUserNamed(time: noon, user: "admin", address: "192.0.2.1")
        #expect(event("Invalid user admin from 192.0.2.1") == .unknownUserNamed(old))
        let new = UnknownUserNamed(time: noon, user: "admin", address: "2001:db8::1", port: 9)
        #expect(event("Invalid user admin from 2001:db8::1 port 9") == .unknownUserNamed(new))
    }

    @Test func `exhausted attempts are the lines of the error`() {
        let known = AttemptsExhausted(time: noon, user: "root", address: "192.0.2.1", port: 22)
        let message = "error: maximum authentication attempts exceeded for"
        #expect(event("\(message) root from 192.0.2.1 port 22 ssh2 [preauth]") == .attemptsExhausted(known))
        let unknown = AttemptsExhausted(time: noon, user: "a b", address: "192.0.2.1", port: 22, userExists: false)
        #expect(
            event("\(message) invalid user a b from 192.0.2.1 port 22 ssh2 [preauth]") == .attemptsExhausted(unknown)
        )
    }

    @Test func `a refused user comes with the reason`() {
        let reason = "none of user's groups are listed in AllowGroups"
        let refused = LoginRefused(time: noon, user: "a from b", address: "192.0.2.1", reason: reason)
        #expect(event("User a from b from 192.0.2.1 not allowed because \(reason)") == .loginRefused(refused))
    }

    @Test func `a refused user may come without an address`() {
        let refused = LoginRefused(time: noon, user: "guest", reason: "account is locked")
        #expect(event("User guest not allowed because account is locked") == .loginRefused(refused))
    }

    @Test func `root refused by the configuration is a refused user`() {
        let refused = LoginRefused(time: noon, user: "root", address: "192.0.2.1", reason: "root may not log in")
        #expect(event("ROOT LOGIN REFUSED FROM 192.0.2.1 port 22") == .loginRefused(refused))
    }
}
