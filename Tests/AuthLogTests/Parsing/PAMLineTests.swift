import AuthLog
import Testing

@Suite(.timeLimit(.minutes(10))) struct PAMLineTests {
    private let fields = "logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1"

    @Test func `a failure without a user names none`() {
        let failed = PAMFailed(time: noon, host: "192.0.2.1")
        #expect(event("pam_unix(sshd:auth): authentication failure; \(fields) ") == .pamFailed(failed))
    }

    @Test(arguments: ["root", "a b", "user=x"])
    func `a failure with a user names it`(user: String) {
        let failed = PAMFailed(time: noon, user: user, host: "192.0.2.1")
        #expect(event("pam_unix(sshd:auth): authentication failure; \(fields)  user=\(user)") == .pamFailed(failed))
    }

    @Test(arguments: [("1 more authentication failure", 1), ("5 more authentication failures", 5)])
    func `further failures are counted`(beginning: String, failures: Int) {
        let failed = PAMFailed(time: noon, user: "root", host: "192.0.2.1", failures: failures)
        #expect(event("PAM \(beginning); \(fields)  user=root") == .pamFailed(failed))
    }

    @Test func `very old versions name the module beside the program`() {
        let line = "\(noon) host sshd(pam_unix)[4711]: authentication failure; \(fields)  user=root"
        let failed = PAMFailed(time: noon, user: "root", host: "192.0.2.1")
        #expect(LogLineParser().parse(line) == .event(.pamFailed(failed)))
    }

    @Test func `the server's own words for a failure are understood`() {
        let failed = PAMFailed(time: noon, user: "a b", host: "host.example.com")
        let message = "error: PAM: Authentication failure for illegal user a b from host.example.com"
        #expect(event(message) == .pamFailed(failed))
    }

    @Test(arguments: ["bob by (uid=0)", "bob(uid=1000) by (uid=0)", "bob(uid=1000) by root(uid=0)", "bob"])
    func `a session opens for a user`(rest: String) {
        let opened = SessionOpened(time: noon, user: "bob")
        #expect(event("pam_unix(sshd:session): session opened for user \(rest)") == .sessionOpened(opened))
    }

    @Test func `a session closes for a user`() {
        let closed = SessionClosed(time: noon, user: "bob")
        #expect(event("pam_unix(sshd:session): session closed for user bob") == .sessionClosed(closed))
    }
}
