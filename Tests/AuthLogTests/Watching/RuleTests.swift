import AuthLog
import Testing

@Suite(.timeLimit(.minutes(10))) struct RuleTests {
    private func failed(_ user: String, from address: String = "192.0.2.1", method: String = "password") -> String {
        line("Failed \(method) for \(user) from \(address) port 22 ssh2")
    }

    private func accepted(_ user: String, from address: String = "192.0.2.1") -> String {
        line("Accepted password for \(user) from \(address) port 22 ssh2")
    }

    @Test func `a failure as root is an alert`() throws {
        let log = try WatchedLog([failed("root"), failed("bob"), failed("roots")])
        #expect(log.kinds == [.rootFailure])
        #expect(log.alerts.first?.time == noon)
        #expect(log.alerts.first?.address == "192.0.2.1")
    }

    @Test func `a wrong key is no failure`() throws {
        let log = try WatchedLog([failed("root", method: "publickey"), failed("root", method: "gssapi-with-mic")])
        #expect(log.alerts.isEmpty)
        #expect(log.watcher.addresses.count == 0)
    }

    @Test func `three alerts are shown for each address`() throws {
        let lines = (1...6).flatMap { _ in ["192.0.2.1", "2001:db8::1"].map { failed("root", from: $0) } }
        let log = try WatchedLog(lines)
        #expect(log.alerts.map(\.address).filter { $0 == "192.0.2.1" }.count == 3)
        #expect(log.alerts.map(\.address).filter { $0 == "2001:db8::1" }.count == 3)
        #expect(log.summary().count(of: "AlertRaised") == 12)
        #expect(log.summary().alertsShown == 6)
    }

    @Test func `the silence after them is announced once`() throws {
        let log = try WatchedLog((1...9).map { _ in failed("root") })
        let silences = log.announcements.indices.filter {
            if case .silence = log.announcements[$0] { true } else { false }
        }
        #expect(silences == [3])
    }

    @Test func `an address that tries many users stands out once`() throws {
        let users = ["admin", "guest", "alice", "admin", "bob", "carol", "dave", "erin"]
        let log = try WatchedLog(users.map { failed("invalid user \($0)") })
        #expect(log.kinds == [.manyUsers])
        #expect(log.alerts.first?.text == "tried 5 different users: admin, guest, alice, bob, carol")
    }

    @Test func `users are tried by naming them too`() throws {
        let log = try WatchedLog((1...5).map { line("Invalid user guest\($0) from 192.0.2.1 port 22") })
        #expect(log.kinds == [.manyUsers])
    }

    @Test func `a few users from each of many addresses are nothing`() throws {
        let log = try WatchedLog((1...40).map { failed("guest\($0)", from: "192.0.2.\($0 / 4)") })
        #expect(log.alerts.isEmpty)
    }

    @Test func `many failures stand out once`() throws {
        let log = try WatchedLog((1...25).map { _ in failed("bob") })
        #expect(log.kinds == [.manyFailures])
        #expect(log.alerts.first?.text == "10 failed logins")
    }

    @Test func `a repeated message reaches the limit at once`() throws {
        let log = try WatchedLog([
            line("message repeated 12 times: [ Failed password for bob from 192.0.2.1 port 22 ssh2]")
        ])
        #expect(log.kinds == [.manyFailures])
        #expect(log.summary().failedPasswords == 12)
    }

    @Test func `a login after failures is an alert`() throws {
        let log = try WatchedLog((1...8).map { _ in failed("alice") } + [accepted("bob")])
        #expect(log.kinds == [.loginAfterFailures])
        #expect(log.alerts.last?.text == "bob logged in with password after 8 failures")
    }

    @Test func `only the first three alerts of an address are shown`() throws {
        let log = try WatchedLog((1...8).map { _ in failed("root") } + [accepted("bob")])
        #expect(log.kinds == [.rootFailure, .rootFailure, .rootFailure])
        #expect(log.summary().alertsShown == 3)
    }

    @Test func `the alerts of another day are shown again`() throws {
        let root = { (time: String) in
            "\(time) host sshd[1]: Failed password for root from 192.0.2.1 port 22 ssh2"
        }
        let day = (1...4).map { root("Dec 10 06:55:0\($0)") }
        #expect(try WatchedLog(day + (1...4).map { root("Dec 11 06:55:0\($0)") }).kinds.count == 6)
        // Three in any 24 hours, not on any date.
        #expect(try WatchedLog(day + [root("Dec 11 06:54:59")]).kinds.count == 3)
        // Without years, the calendar begins anew; with them it goes on.
        #expect(try WatchedLog(day + (1...4).map { root("Jan 11 06:55:0\($0)") }).kinds.count == 6)
        let dated = (1...4).map { root("2024-12-31T06:55:0\($0)+00:00") }
        #expect(try WatchedLog(dated + [root("2025-01-01T06:55:01+00:00")]).kinds.count == 4)
        // What goes back moves no time.
        #expect(try WatchedLog(day + [root("Dec 9 06:55:01"), root("Dec 9 23:00:00")]).kinds.count == 3)
    }

    @Test func `a login after a typo is nothing`() throws {
        let log = try WatchedLog([failed("bob"), failed("bob"), accepted("bob")])
        #expect(log.alerts.isEmpty)
    }

    @Test func `failures before the last login are forgotten`() throws {
        let twice = [failed("bob"), failed("bob"), accepted("bob")]
        #expect(try WatchedLog(twice + twice).alerts.isEmpty)
    }

    @Test func `failures from elsewhere do not matter`() throws {
        let log = try WatchedLog((1...5).map { _ in failed("bob") } + [accepted("bob", from: "198.51.100.1")])
        #expect(log.alerts.isEmpty)
    }

    @Test func `a login as root is an alert`() throws {
        let log = try WatchedLog([accepted("root"), accepted("bob")])
        #expect(log.kinds == [.rootLogin])
    }

    @Test func `the more urgent alert comes first`() throws {
        let log = try WatchedLog((1...3).map { _ in failed("alice") } + [accepted("root")])
        #expect(log.kinds == [.loginAfterFailures, .rootLogin])
    }

    @Test func `exhausted attempts are an alert`() throws {
        let message = "error: maximum authentication attempts exceeded for bob from 192.0.2.1 port 22 ssh2 [preauth]"
        #expect(try WatchedLog([line(message)]).kinds == [.attemptsExhausted])
    }

    @Test func `a suspicious name is an alert`() throws {
        let message =
            "reverse mapping checking getaddrinfo for a.example [192.0.2.1] failed - POSSIBLE BREAK-IN ATTEMPT!"
        #expect(try WatchedLog([line(message)]).kinds == [.suspiciousName])
    }

    @Test func `a refused user is an alert where the address is known`() throws {
        let log = try WatchedLog([
            line("User guest from 192.0.2.1 not allowed because not listed in AllowUsers"),
            line("User guest not allowed because account is locked"),
        ])
        #expect(log.kinds == [.refusedUser])
        #expect(log.summary().count(of: "LoginRefused") == 2)
    }

    @Test func `the limits are the callers`() throws {
        var limits = WatchLimits()
        limits.users = 2
        limits.failures = 3
        limits.alertsShown = 1
        let log = try WatchedLog([failed("bob"), failed("alice"), failed("bob")], limits: limits)
        #expect(log.kinds == [.manyUsers])
        #expect(log.summary().count(of: "AlertRaised") == 2)
    }

    @Test func `every kind of alert is in the sample`() throws {
        let log = try WatchedLog(bytes: SampleLog.bytes)
        #expect(Set(log.kinds) == Set(AlertKind.allCases))
    }

    @Test func `handlers are counted by what they did`() throws {
        let runs = try WatchedLog([failed("root"), failed("bob"), accepted("bob")]).summary().handlers
        let byName = Dictionary(uniqueKeysWithValues: runs.map { ($0.name, $0.count) })
        #expect(byName["remember the failure"] == 2)
        #expect(byName["alert: failed as root"] == 1)
        #expect(byName["alert: login as root"] == 0)
        // Two failures, one alert, one login.
        #expect(byName["count the event"] == 4)
    }
}
