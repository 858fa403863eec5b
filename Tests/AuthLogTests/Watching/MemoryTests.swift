import AuthLog
import Testing

@Suite(.timeLimit(.minutes(10))) struct MemoryTests {
    @Test func `no more users are remembered than the limit`() throws {
        let lines = (1...200).map { line("Failed password for user\($0) from 192.0.2.1 port 22 ssh2") }
        let record = try WatchedLog(lines).watcher.addresses["192.0.2.1"]
        #expect(record.users == (1...5).map { "user\($0)" })
        #expect(record.failures == 200)
    }

    @Test func `long names are remembered by their front`() throws {
        let name = String(repeating: "x", count: 10_000)
        let lines = [line("Failed password for \(name) from 192.0.2.1 port 22 ssh2")]
        let users = try WatchedLog(lines).watcher.addresses["192.0.2.1"].users
        #expect(users.map(\.count) == [64])
    }

    @Test func `addresses that do nothing wrong are not remembered`() throws {
        let lines = (1...100).map { line("Accepted publickey for bob from 192.0.2.\($0) port 22 ssh2: RSA SHA256:x") }
        #expect(try WatchedLog(lines).watcher.addresses.count == 0)
    }
}
