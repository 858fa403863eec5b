#if SQLite
    import EventDispatch
    import EventDispatchSQLite
    import EventDispatchStore
    import Foundation

    /// S4: delivers from a store in which many events wait.
    struct BacklogBenchmark {
        private let folder: BenchmarkFolder
        private let backlog: Int
        private let delivered: Int

        init(_ folder: BenchmarkFolder, _ options: StoreBenchmarkOptions) {
            self.folder = folder
            backlog = options.backlog
            delivered = min(100_000, backlog / 2)
        }

        func measure() async throws {
            let clock = ContinuousClock()
            let store = try await SQLiteEventStore(at: folder.path("S4.sqlite"))
            let first = try await store.subscribe("subscription", from: .beginning) {
                On(BenchmarkOrder.self) { Handle { _ in } }
            }
            await first.stop()
            let start = clock.now
            try await fill(store, backlog)
            let filled = clock.now
            let size = folder.size(of: "S4.sqlite")
            let handled = HandledCount(upTo: delivered)
            let again = try await store.subscribe("subscription") {
                On(BenchmarkOrder.self) {
                    Handle { _ in handled.add() }
                }
            }
            await handled.wait()
            let end = clock.now
            let asked = clock.now
            let waiting = try await again.status.waiting
            let answered = clock.now
            await again.stop()
            let rate = Double(delivered) / ((end - filled) / .seconds(1))
            StoreBenchmarks.print(
                """
                S4  \(backlog) wait: \((filled - start) / .seconds(1)) s to publish, \(size / backlog) bytes an event in the file, \
                \(Int(rate)) deliveries a second, \(Int((answered - asked) / .microseconds(1))) µs to tell that \(waiting) wait, \
                \(ResidentMemory.most / 1_048_576) MiB resident at the most
                """
            )
        }

        private func fill(_ store: SQLiteEventStore, _ count: Int) async throws {
            for first in stride(from: 0, to: count, by: 1_000) {
                try await store.publish((first..<min(count, first + 1_000)).map { BenchmarkOrder(id: $0) })
            }
        }
    }

    /// The memory of the process.
    enum ResidentMemory {
        /// The most bytes that were resident at a time.
        static var most: Int {
            var usage = rusage()
            #if os(Linux)
                getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
                return usage.ru_maxrss * 1_024
            #else
                getrusage(RUSAGE_SELF, &usage)
                return usage.ru_maxrss
            #endif
        }
    }
#endif
