import Foundation
import GracefulServer
import Testing

@Suite(.timeLimit(.minutes(10))) struct GracefulShutdownTests {
    @Test func `requests in flight are answered and new ones refused`() async throws {
        let bodies = (0..<50).map { "\($0 + 10)" }
        let seen = try await watching { server, port, note in
            // In flight: the server has asked for the body, which comes late.
            let clients = try bodies.map { _ in try Connection(toPort: port, timeout: 600) }
            for client in clients {
                try client.transmit("POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
            }
            for client in clients { note(try client.firstLine()) }

            server.terminate()
            note(try server.nextLine())
            for _ in 0..<3 {
                let late = try Connection(toPort: port, timeout: 600)
                try late.transmit("GET / HTTP/1.1\r\n\r\n")
                note(try late.firstLine())
                late.finish()
            }

            for (client, body) in zip(clients, bodies) { try client.transmit(body) }
            for client in clients {
                note("\(try client.firstLine()): \(try client.receiveBody(2))")
                client.finish()
            }
            note(try server.nextLine())
            do { try Connection(toPort: port, timeout: 600).finish() } catch { note("\(error)") }
            note(try server.nextLine())
        }
        let expected =
            Array(repeating: "HTTP/1.1 100 Continue", count: 50)
            + ["draining: 50 in flight"]
            + Array(repeating: "HTTP/1.1 503 Service Unavailable", count: 3)
            + bodies.map { "HTTP/1.1 200 OK: \($0)" }
            + ["closed", "connect: Connection refused", "answered 50, refused 3", "status 0"]
        #expect(seen == expected)
    }

    @Test func `a server without requests ends at once`() async throws {
        let seen = try await watching { server, _, note in
            server.terminate()
            for _ in 0..<3 { note(try server.nextLine()) }
        }
        #expect(seen == ["draining: 0 in flight", "closed", "answered 0, refused 0", "status 0"])
    }

    /// Runs a server, and what blocks on a thread that no task needs. Returns what was noted, then the exit status.
    private func watching(
        _ body: @escaping @Sendable (ServerProcess, _ port: UInt16, _ note: (String) -> Void) throws -> Void
    ) async throws -> [String] {
        let executable = try ServerProcess.executable()
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        var seen: [String] = []
                        let server = try ServerProcess(executable, seconds: 600)
                        let port = UInt16(try server.nextLine().split(separator: ":").last ?? "") ?? 0
                        try body(server, port) { seen.append($0) }
                        return seen + ["status \(server.status())"]
                    }
                )
            }
        }
    }
}

extension Connection {
    fileprivate func firstLine() throws -> String {
        try receiveHead()?.split(separator: "\r\n").first.map(String.init) ?? ""
    }
}
