#if SQLite
    import EventDispatch
    import EventDispatchSQLite
    import EventDispatchStore
    import Foundation

    /// Measures what is asked for, and prints each result when it is there.
    struct StoreBenchmarkSession {
        private let options: StoreBenchmarkOptions
        private let folder: BenchmarkFolder

        init(_ options: StoreBenchmarkOptions, _ folder: BenchmarkFolder) {
            self.options = options
            self.folder = folder
        }

        func run() async throws {
            if options.workloads.contains("S1") { try await publishing("S1", tasks: 1, events: 500) }
            if options.workloads.contains("S2") { try await publishing("S2", tasks: 64, events: 12_800) }
            if options.workloads.contains("S3") { try await delivering() }
            if options.workloads.contains("S4") { try await BacklogBenchmark(folder, options).measure() }
            if options.workloads.contains("S5") { try RecoveryBenchmark(folder, options).measure() }
        }

        private func publishing(_ name: String, tasks: Int, events: Int) async throws {
            let store = try await SQLiteEventStore(at: folder.path("\(name).sqlite"))
            _ = try await SQLiteEventStore(at: folder.path("\(name)-floor.sqlite"))
            let bare = try BareFile(at: folder.path("\(name)-floor.sqlite"), flushesEachCommit: true)
            let times = try await BenchmarkComparison(events, rounds: options.rounds) { round in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for task in 0..<tasks {
                        group.addTask {
                            for number in 0..<events / tasks {
                                try await store.publish(BenchmarkOrder(id: (round * tasks + task) * events + number))
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            } floor: { round in
                try bare.insert(events, inBatchesOf: tasks, from: round * events)
            }
            times.report(name, tasks == 1 ? "publish, one after the other" : "\(tasks) tasks publish")
        }

        private func delivering() async throws {
            let events = 20_000
            let subscriptions = 3
            let times = try await BenchmarkComparison(events * subscriptions, rounds: options.rounds) { round in
                let store = try await SQLiteEventStore(at: folder.path("S3-\(round).sqlite"))
                let count = Locked(0)
                var opened: [DurableSubscription] = []
                for number in 0..<subscriptions {
                    let subscription = try await store.subscribe("subscription \(number)") {
                        On(BenchmarkOrder.self) { Handle { _ in count.withLock { $0 += 1 } } }
                    }
                    opened.append(subscription)
                }
                for first in stride(from: 0, to: events, by: 100) {
                    try await store.publish((first..<first + 100).map { BenchmarkOrder(id: $0) })
                }
                for subscription in opened { try await subscription.caughtUp() }
                guard count.withLock({ $0 }) == events * subscriptions else {
                    throw StoreBenchmarkFailure("S3 handled \(count.withLock { $0 }) deliveries")
                }
                for subscription in opened { await subscription.stop() }
            } floor: { round in
                let name = "S3-floor-\(round).sqlite"
                _ = try await SQLiteEventStore(at: folder.path(name))
                try BareFile(at: folder.path(name), flushesEachCommit: true).insert(events, inBatchesOf: 100, from: 0)
                let bare = try BareFile(at: folder.path(name), flushesEachCommit: false)
                for number in 0..<subscriptions { try bare.handle(events, inBatchesOf: 64, as: Int64(number + 1)) }
            }
            let more = String(format: ", %.0f deliveries a second", 1e6 / times.subject.median)
            times.report("S3", "publish to acknowledged", more)
        }
    }
#endif
