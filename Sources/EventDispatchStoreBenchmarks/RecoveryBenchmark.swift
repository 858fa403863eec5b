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
            let filling = try BenchmarkProcess(["--fill", path, "--backlog", String(options.backlog)])
            guard let line = filling.readLine(), line.hasPrefix("delivers") else {
                throw StoreBenchmarkFailure("the process that fills the store ended")
            }
            filling.kill()
            var times: [Double] = []
            for _ in 0..<options.rounds {
                let started = ContinuousClock.now
                let recovering = try BenchmarkProcess(["--recover", path])
                guard let line = recovering.readLine(), line.hasPrefix("delivers") else {
                    throw StoreBenchmarkFailure("the process that recovers ended")
                }
                times.append((ContinuousClock.now - started) / .milliseconds(1))
                recovering.kill()
            }
            StoreBenchmarks.print(
                "S5  \(options.backlog) wait after a kill: \(times.sorted()[times.count / 2]) ms from the process's start to its first delivery"
            )
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
                        StoreBenchmarks.print("delivers \(order.id)")
                        // Not for long: the process is about to be killed.
                        try await Task.sleep(for: .seconds(3_600))
                    }
                }
            }
            try await subscription.caughtUp()
        }
    }
#endif
