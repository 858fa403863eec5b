#if NATS
    import Foundation

    /// A server of NATS on a free port of loopback, with a folder of its own.
    ///
    /// It ends with the benchmark, however that ends: the shell that has started it ends it by its process ID when a pipe closes.
    final class BenchmarkServer {
        private static let script = #"exec 2>&1; "$0" "$@" & echo "process $!"; read -r _; kill -KILL $!"#

        /// The server's program; nil when there is none.
        static var path: String? {
            let path = ProcessInfo.processInfo.environment["EVENT_DISPATCH_NATS"] ?? "/usr/sbin/nats-server"
            return FileManager.default.isExecutableFile(atPath: path) ? path : nil
        }

        /// Where it listens.
        private(set) var url = ""
        private var id: Int32 = 0
        private let process = Process()
        private let pipe = Pipe()

        init(_ path: String, in folder: String, _ arguments: [String] = []) throws {
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments =
                ["-c", Self.script, path, "-js", "-a", "127.0.0.1", "-p", "-1", "-sd", folder] + arguments
            let output = Pipe()
            process.standardInput = pipe
            process.standardOutput = output
            // The server mustn't have the end whose closing ends it.
            _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
            try process.run()
            while let line = output.fileHandleForReading.readLine() {
                if line.hasPrefix("process ") { id = Int32(line.dropFirst(8)) ?? 0 }
                if line.contains("Listening for client connections"), let port = line.split(separator: ":").last {
                    url = "nats://127.0.0.1:\(port)"
                }
                if line.contains("Server is ready") {
                    Thread.detachNewThread { while output.fileHandleForReading.readLine() != nil {} }
                    return
                }
            }
            throw StoreBenchmarkFailure("'\(path)' doesn't start")
        }

        /// Three servers that are a cluster.
        static func cluster(_ path: String, in folder: (String) -> String) throws -> [BenchmarkServer] {
            let routes = try (0..<3).map { _ in "nats://127.0.0.1:\(try freePort())" }
            return try routes.enumerated().map { index, route in
                let name = "node\(index)"
                return try BenchmarkServer(
                    path,
                    in: folder(name),
                    [
                        "--name", name, "--cluster_name", "benchmark", "--cluster", route,
                        "--routes", routes.joined(separator: ","),
                    ]
                )
            }
        }

        private static func freePort() throws -> UInt16 {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            #if os(Linux)
                let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            #else
                let descriptor = socket(AF_INET, SOCK_STREAM, 0)
            #endif
            defer { close(descriptor) }
            let isBound = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
                }
            }
            guard isBound else { throw StoreBenchmarkFailure("there is no free port") }
            return UInt16(bigEndian: address.sin_port)
        }

        /// The processor time that it has used, in microseconds.
        var processorTime: Double { ProcessorTime.of(id) ?? 0 }

        func end() {
            try? pipe.fileHandleForWriting.close()
            process.waitUntilExit()
        }
    }
#endif
