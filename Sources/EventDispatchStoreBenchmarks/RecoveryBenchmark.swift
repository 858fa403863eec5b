#if SQLite
    import EventDispatch
    import EventDispatchSQLite
    import EventDispatchStore
    import Foundation

    /// S5: a process is killed while it delivers, with many events waiting, and another goes on.
    struct RecoveryBenchmark {
        private let folder: BenchmarkFolder
        private let options: StoreBenchmarkOptions

        init(_ folder: BenchmarkFolder, _ options: StoreBenchmarkOptions) {
            self.folder = folder
            self.options = options
        }

        func measure() throws {
            let path = folder.path("S5.sqlite")
            let filling = try start(["--fill", path, "--backlog", String(options.backlog)])
            guard let line = filling.output.readLine(), line.hasPrefix("delivers") else {
                throw StoreBenchmarkFailure("the process that fills the store ended")
            }
            kill(filling.process.processIdentifier, SIGKILL)
            filling.process.waitUntilExit()
            var times: [Double] = []
            for _ in 0..<options.rounds {
                let started = ContinuousClock.now
                let recovering = try start(["--recover", path])
                guard let line = recovering.output.readLine(), line.hasPrefix("delivers") else {
                    throw StoreBenchmarkFailure("the process that recovers ended")
                }
                times.append((ContinuousClock.now - started) / .milliseconds(1))
                kill(recovering.process.processIdentifier, SIGKILL)
                recovering.process.waitUntilExit()
            }
            StoreBenchmarkSession.print(
                "S5  \(options.backlog) wait after a kill: \(times.sorted()[times.count / 2]) ms from the process's start to its first delivery"
            )
        }

        private func start(_ arguments: [String]) throws -> (process: Process, output: LineReader) {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
            process.arguments = arguments
            let pipe = Pipe()
            process.standardOutput = pipe
            try process.run()
            return (process, LineReader(pipe.fileHandleForReading))
        }

        /// Fills a store, delivers, and goes on until it is killed.
        static func fill(_ path: String, _ count: Int) async throws {
            let store = try await SQLiteEventStore(at: path)
            let first = try await store.subscribe("subscription", from: .beginning) {
                On(BenchmarkOrder.self) { Handle { _ in } }
            }
            await first.stop()
            for first in stride(from: 0, to: count, by: 1_000) {
                try await store.publish((first..<min(count, first + 1_000)).map { BenchmarkOrder(id: $0) })
            }
            try await deliver(from: store)
        }

        /// Delivers from a store, and goes on until it is killed.
        static func recover(_ path: String) async throws { try await deliver(from: SQLiteEventStore(at: path)) }

        private static func deliver(from store: SQLiteEventStore) async throws {
            let subscription = try await store.subscribe("subscription", retry: .immediate(attempts: .max)) {
                On(BenchmarkOrder.self) {
                    Handle { order in
                        StoreBenchmarkSession.print("delivers \(order.id)")
                        // Not for long: the process is about to be killed.
                        try await Task.sleep(for: .seconds(3_600))
                    }
                }
            }
            try await subscription.caughtUp()
        }
    }

    /// Reads lines of a pipe.
    struct LineReader {
        private let handle: FileHandle

        init(_ handle: FileHandle) { self.handle = handle }

        /// The next line; nil at the end.
        func readLine() -> String? {
            var line: [UInt8] = []
            while let byte = handle.readData(ofLength: 1).first {
                if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
                line.append(byte)
            }
            return nil
        }
    }
#endif
