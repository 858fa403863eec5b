import AuthLog
import Testing

@Suite(.timeLimit(.minutes(10))) struct HeaderTests {
    private static let message = "Failed password for bob from 192.0.2.1 port 22 ssh2"

    private func time(of line: String) -> String? {
        guard case .event(.loginFailed(let event)) = LogLineParser().parse(line) else { return nil }
        return event.time
    }

    @Test(arguments: [
        ("Dec 10 06:55:46 host sshd[1]: ", "Dec 10 06:55:46"),
        ("Jan  2 06:55:46 host sshd[1]: ", "Jan  2 06:55:46"),
        ("Dec 10 06:55:46.123456 host sshd[1]: ", "Dec 10 06:55:46.123456"),
        ("2024-01-02T03:04:05.678901+00:00 host sshd[1]: ", "2024-01-02T03:04:05.678901+00:00"),
        ("2024-01-02T03:04:05Z host sshd[1]: ", "2024-01-02T03:04:05Z"),
        ("2024-01-02T03:04:05+0100 host sshd[1]: ", "2024-01-02T03:04:05+0100"),
        ("2024-01-02 03:04:05 host sshd[1]: ", "2024-01-02 03:04:05"),
        ("Tue 2024-01-02 03:04:05 UTC host sshd[1]: ", "Tue 2024-01-02 03:04:05"),
        ("Tue Jan  2 03:04:05 2024 auth.info sshd[1]: ", "Tue Jan  2 03:04:05"),
        ("<38>Dec 10 06:55:46 host sshd[1]: ", "Dec 10 06:55:46"),
        ("Dec 10 06:55:46 sshd[1]: ", "Dec 10 06:55:46"),
        ("sshd[1]: ", ""),
        ("", ""),
    ])
    func `the time is read from every kind of header`(header: String, time: String) {
        #expect(self.time(of: header + Self.message) == time)
    }

    @Test(arguments: ["sshd[123]", "sshd", "sshd-session[123]", "sshd-auth[9]"])
    func `every part of the server is the server`(program: String) {
        #expect(time(of: "Dec 10 06:55:46 host \(program): \(Self.message)") == "Dec 10 06:55:46")
    }

    @Test(arguments: [
        "Dec 10 06:55:46 host systemd[1]: Started Session 1 of user root.",
        "Dec 10 06:55:46 host kernel: [ 12.5] usb 1-1: new device",
        "Dec 10 06:55:46 host su(pam_unix)[4]: authentication failure; logname= rhost=192.0.2.1  user=root",
        "Dec 10 06:55:46 host sshdx[4]: Failed password for root from 192.0.2.1 port 22 ssh2",
        "Dec 10 06:55:46 host cron[4]: Failed password for root from 192.0.2.1 port 22 ssh2",
        "-- Boot 0123456789abcdef --",
    ])
    func `lines of other programs are counted apart`(line: String) {
        #expect(LogLineParser().parse(line) == .otherProgram)
    }

    @Test(arguments: [
        "input_userauth_request: invalid user admin [preauth]",
        "pam_unix(sshd:auth): check pass; user unknown",
        "Postponed publickey for bob from 192.0.2.1 port 22 ssh2 [preauth]",
        "Accepted key ED25519 SHA256:x found at /home/bob/.ssh/authorized_keys:1",
        "Failed password",
        "Failed password for",
        "Failed password for bob from port ssh2",
        "Failed password for bob from 192.0.2.1 port x ssh2",
        "Failed password for bob from 192.0.2.1 port 99999999999999999999 ssh2",
        "message repeated 5 times: [ nothing we know]",
        "",
    ])
    func `other lines of the server are counted as such`(message: String) {
        #expect(LogLineParser().parse(line(message)) == .otherServerLine)
    }

    @Test(arguments: [
        "what is this", "Dec 10", "Dec 10 06:55:46", "Dec 10 25 host", ": : :", "\u{1B}[2J", "<38>", "sshd",
    ])
    func `lines in no known shape are not understood`(line: String) {
        #expect(LogLineParser().parse(line) == .notUnderstood)
    }

    @Test(arguments: ["", " ", " \t "])
    func `empty lines are blank`(line: String) {
        #expect(LogLineParser().parse(line) == .blank)
    }
}
