#if NATS
    import Foundation

    /// A server of NATS for tests: `EVENT_DISPATCH_NATS` is the path of a `nats-server`, or the URL of one that runs.
    ///
    /// Servers that tests start listen on a free port of loopback, and have a folder of their own. They end with the process, however that
    /// ends.
    package final class NATSServer {
        private static let setting: String? = {
            let value = ProcessInfo.processInfo.environment["EVENT_DISPATCH_NATS"] ?? ""
            if value.isEmpty { print("tests of the store on NATS: skipped, EVENT_DISPATCH_NATS names no server") }
            return value.isEmpty ? nil : value
        }()

        /// The path of a server that tests can start; nil when there is none.
        package static let path = setting.flatMap { $0.contains("://") ? nil : $0 }

        /// The URL of a server that all tests share; nil when there is none.
        package static let sharedURL: String? = {
            guard let path else { return setting }
            do {
                let server = try NATSServer(path)
                // Held for as long as the process lives.
                _ = Unmanaged.passRetained(server)
                return server.url
            } catch {
                print("tests of the store on NATS: skipped, '\(path)' doesn't start: \(error)")
                return nil
            }
        }()

        private struct NotStarted: Error {}

        /// Its end of the pipe closes with this process, and then the shell ends the server. It doesn't wait for that: a shell that is started
        /// on a thread of the concurrency pool has all signals blocked, and would wait for ever.
        private static let script = #"exec 2>&1; "$0" "$@" & echo "process $!."; read -r _; kill -KILL $!"#

        /// Where it listens.
        package private(set) var url = ""
        private let path: String
        private let arguments: [String]
        private let folder: URL
        private var process: Process?
        private var processID: pid_t = 0
        private var pipe: Pipe?

        /// Starts a server.
        ///
        /// - Parameters:
        ///   - path: the server's program.
        ///   - arguments: further arguments.
        package init(_ path: String, _ arguments: [String] = []) throws {
            (self.path, self.arguments) = (path, arguments)
            folder = URL(fileURLWithPath: try temporaryPath("nats")).deletingLastPathComponent()
            try start(port: "-1")
        }

        /// Starts the servers of a cluster.
        ///
        /// - Parameters:
        ///   - path: the server's program.
        ///   - count: how many servers there are.
        package static func cluster(_ path: String, of count: Int) throws -> [NATSServer] {
            let ports = try freePorts(count)
            let routes = ports.map { "nats://127.0.0.1:\($0)" }
            return try routes.enumerated().map { number, route in
                try NATSServer(
                    path,
                    [
                        "--cluster_name", "test", "--server_name", "n\(number + 1)", "--cluster", route, "--routes",
                        routes.joined(separator: ","),
                    ]
                )
            }
        }

        /// Ports that nobody listens on. Somebody may before the servers do.
        private static func freePorts(_ count: Int) throws -> [UInt16] {
            var sockets: [Int32] = []
            defer { for socket in sockets { close(socket) } }
            return try (0..<count).map { _ in
                let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                sockets.append(socket)
                var address = sockaddr_in()
                address.sin_family = sa_family_t(AF_INET)
                address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
                var size = socklen_t(MemoryLayout<sockaddr_in>.size)
                let isBound = withUnsafeMutablePointer(to: &address) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                        bind(socket, address, size) == 0 && getsockname(socket, address, &size) == 0
                    }
                }
                guard isBound else { throw NotStarted() }
                return UInt16(bigEndian: address.sin_port)
            }
        }

        /// Stops the server where it is, as if its machine had no time for it.
        package func suspend() {
            _ = Foundation.kill(processID, SIGSTOP)
            // The signal takes its time.
            waitUntilItsState(is: "T")
        }

        /// Waits until the system says of the process that it's stopped (T) or over (Z), or knows it no more.
        private func waitUntilItsState(is wanted: Character) {
            // It stands behind the name.
            while let state = try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8),
                !state.contains(") \(wanted) ")
            {
                sched_yield()
            }
        }

        /// Lets the server go on that is stopped.
        package func resume() { _ = Foundation.kill(processID, SIGCONT) }

        /// Ends the server at once, as if its machine had failed.
        package func kill() {
            try? pipe?.fileHandleForWriting.close()
            process?.waitUntilExit()
            // The shell doesn't wait for the server, which has its port until it's over.
            waitUntilItsState(is: "Z")
            pipe = nil
        }

        /// Starts the server again, on the same port and files.
        package func restart() throws { try start(port: URL(string: url)?.port.map(String.init) ?? "-1") }

        private func start(port: String) throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", Self.script, path, "-js", "-a", "127.0.0.1", "-p", port, "-sd", folder.path]
            process.arguments? += arguments
            let (pipe, output) = (Pipe(), Pipe())
            process.standardInput = pipe
            process.standardOutput = output
            // The server mustn't have the end whose closing ends it.
            _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
            try process.run()
            (self.process, self.pipe) = (process, pipe)
            url = "nats://127.0.0.1:\(try readPort(output.fileHandleForReading))"
        }

        /// Reads what the server writes until it's ready; whatever it writes later is thrown away.
        private func readPort(_ output: FileHandle) throws -> String {
            var text = ""
            while !text.contains("Server is ready") || !text.contains("process ") {
                guard let part = Self.read(output) else { throw NotStarted() }
                text += part
            }
            Thread.detachNewThread { while Self.read(output) != nil {} }
            if let range = text.range(of: "process ") {
                processID = pid_t(text[range.upperBound...].prefix { $0 != "." }) ?? 0
            }
            let line = text.split(separator: "\n").first { $0.contains("Listening for client connections") }
            guard let port = line?.split(separator: ":").last else { throw NotStarted() }
            return String(port)
        }

        /// Reads what comes next; nil at the end. `FileHandle` stops the program when a signal interrupts it.
        private static func read(_ output: FileHandle) -> String? {
            var bytes = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = Foundation.read(output.fileDescriptor, &bytes, bytes.count)
                if count > 0 { return String(decoding: bytes[..<count], as: UTF8.self) }
                if count == 0 || errno != EINTR { return nil }
            }
        }
    }
#endif
