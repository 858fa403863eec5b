#if NATS
    import EventDispatch
    import EventDispatchNATS
    import EventDispatchStore
    import Foundation

    /// Measures N1 to N4 on a server of its own, and the figures that a plan needs.
    struct NATSBenchmarkSession {
        private static let names = ["N1", "N2", "N3", "N4"]
        private let options: StoreBenchmarkOptions
        private let folder: BenchmarkFolder

        init(_ options: StoreBenchmarkOptions, _ folder: BenchmarkFolder) {
            self.options = options
            self.folder = folder
        }

        func run() async throws {
            guard !options.workloads.isDisjoint(with: Self.names) else { return }
            guard let path = BenchmarkServer.path else {
                return StoreBenchmarks.print("N1 to N4: skipped, EVENT_DISPATCH_NATS is the path of no nats-server")
            }
            let server = try BenchmarkServer(path, in: folder.path("nats"))
            defer { server.end() }
            var figures = ClusterFigures()
            if options.workloads.contains("N1") { try await publishing([server], &figures) }
            if options.workloads.contains("N2") { try await delivering(server, &figures) }
            if options.workloads.contains("N3") { try await fanningOut(server, &figures) }
            if options.workloads.contains("N4") {
                try await SharingBenchmark(server, rounds: options.rounds).measure(&figures)
            }
            guard options.plans else { return }
            try await replicating(path, &figures)
            StoreBenchmarks.print("figures \(figures.text)")
            ClusterPlan(figures).print()
        }

        /// What a side costs the servers and this process, in microseconds of processor time an event.
        private struct Cost {
            let servers: [BenchmarkServer]
            private(set) var events = 0.0
            private var times = (servers: 0.0, own: 0.0)

            init(_ servers: [BenchmarkServer]) { self.servers = servers }

            var server: Double { times.servers / events }
            var own: Double { times.own / events }
            var text: String { String(format: "; processor: server %.1f µs, process %.1f µs", server, own) }
            private var now: (servers: Double, own: Double) {
                (servers.reduce(0) { $0 + $1.processorTime }, ProcessorTime.own)
            }

            mutating func count(_ events: Int, _ body: () async throws -> Void) async throws {
                let before = now
                try await body()
                let after = now
                times.servers += after.servers - before.servers
                times.own += after.own - before.own
                self.events += Double(events)
            }
        }

        private func publishing(_ servers: [BenchmarkServer], _ figures: inout ClusterFigures) async throws {
            let (tasks, batch, events) = (64, 100, 12_800)
            let url = servers[0].url
            let store = try await NATSEventStore(NATSOptions(url), stream: "n1", retention: .forever)
            let bare = try BareStream(url, "n1-floor", pending: Int64(tasks))
            try bare.make()
            var cost = Cost(servers)
            let single = try await BenchmarkComparison(events, rounds: options.rounds) { _ in
                try await cost.count(events) { try await Self.publish(events, to: store, tasks: tasks) }
            } floor: { round in
                try bare.publish(events, from: round * events)
            }
            single.report("N1", "\(tasks) tasks publish", cost.text)
            figures.publishServer = cost.server
            figures.publishProcess = cost.own
            let batched = try BareStream(url, "n1-floor")
            let start = options.rounds * events
            let batches = try await BenchmarkComparison(events, rounds: options.rounds) { _ in
                for first in stride(from: 0, to: events, by: batch) {
                    try await store.publish((first..<first + batch).map { BenchmarkOrder(id: $0) })
                }
            } floor: { round in
                try batched.publish(events, from: start + round * events, inBatchesOf: batch)
            }
            batches.report("N1", "publish \(batch) at once")
            figures.publishWire = bare.traffic / Double(options.rounds * events)
            let stored = try bare.stored()
            figures.storedBytes = stored.bytes / stored.messages
            guard Int(stored.messages) == 2 * options.rounds * events else {
                throw StoreBenchmarkFailure("the floor stored \(stored.messages) messages")
            }
        }

        private static func publish(_ events: Int, to store: NATSEventStore, tasks: Int) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<tasks {
                    group.addTask {
                        for number in 0..<events / tasks {
                            try await store.publish(BenchmarkOrder(id: task * events + number))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }

        private func delivering(_ server: BenchmarkServer, _ figures: inout ClusterFigures) async throws {
            let (batch, events) = (64, 20_000)
            let store = try await NATSEventStore(NATSOptions(server.url), stream: "n2", retention: .forever)
            let bare = try BareStream(server.url, "n2")
            try bare.publish(events, from: 0)
            let published = bare.traffic
            var cost = Cost([server])
            let times = try await BenchmarkComparison(events, rounds: options.rounds) { round in
                let handled = HandledCount(upTo: events)
                try await cost.count(events) {
                    let subscription = try await store.subscribe(
                        "round \(round)",
                        from: .beginning,
                        order: .concurrent(batch)
                    ) {
                        On(BenchmarkOrder.self) { Handle { _ in handled.add() } }
                    }
                    await handled.wait()
                    try await subscription.caughtUp()
                    await subscription.stop()
                }
                guard handled.value == events else {
                    throw StoreBenchmarkFailure("N2 handled \(handled.value) deliveries")
                }
            } floor: { round in
                try bare.consumer("floor-\(round)").handle(events, inBatchesOf: batch)
            }
            let rate = String(format: ", %.0f deliveries a second", 1e6 / times.subject.median)
            times.report("N2", "fetch, handle, acknowledge", rate + cost.text)
            figures.deliverServer = cost.server
            figures.deliverProcess = cost.own
            figures.deliverWire = (bare.traffic - published) / Double(options.rounds * events)
        }

        private func fanningOut(_ server: BenchmarkServer, _ figures: inout ClusterFigures) async throws {
            let (subscriptions, threads, batch, events) = (100, 4, 64, 400)
            let store = try await NATSEventStore(NATSOptions(server.url), stream: "n3", retention: .forever)
            let handled = Locked(HandledCount(upTo: 0))
            var opened: [DurableSubscription] = []
            for number in 0..<subscriptions {
                let subscription = try await store.subscribe("subscription \(number)", order: .concurrent(batch)) {
                    On(BenchmarkOrder.self) { Handle { _ in handled.withLock { $0 }.add() } }
                }
                opened.append(subscription)
            }
            let bare = try BareStream(server.url, "n3-floor")
            try bare.make()
            let reading = try (0..<threads).map { thread in
                let stream = try BareStream(server.url, "n3-floor")
                return BareFanOut(
                    try (0..<subscriptions / threads).map { try stream.consumer("floor-\(thread)-\($0)") }
                )
            }
            var cost = Cost([server])
            let times = try await BenchmarkComparison(events * subscriptions, rounds: options.rounds) { _ in
                let count = HandledCount(upTo: events * subscriptions)
                handled.withLock { $0 = count }
                try await cost.count(events) {
                    for first in stride(from: 0, to: events, by: 100) {
                        try await store.publish((first..<first + 100).map { BenchmarkOrder(id: $0) })
                    }
                    await count.wait()
                }
                for subscription in opened { try await subscription.caughtUp() }
                guard count.value == events * subscriptions else {
                    throw StoreBenchmarkFailure("N3 handled \(count.value) deliveries")
                }
            } floor: { round in
                try bare.publish(events, from: round * events, inBatchesOf: 100)
                for part in reading { part.start(events, inBatchesOf: batch) }
                for part in reading { try part.wait() }
            }
            for subscription in opened { await subscription.stop() }
            let rate = String(format: ", %.0f deliveries a second", 1e6 / times.subject.median)
            times.report("N3", "one stream to \(subscriptions) subscriptions", rate)
            // What is left for a consumer when publishing and delivering are paid.
            let others = figures.publishServer + Double(subscriptions) * figures.deliverServer
            figures.consumerServer = max(0, (cost.server - others) / Double(subscriptions))
        }

        /// The consumers of one thread.
        private final class BareFanOut: @unchecked Sendable {
            // Sound: `start` hands everything to its thread, and `wait` takes it back through the semaphore.
            private let consumers: [BareConsumer]
            private let done = DispatchSemaphore(value: 0)
            private var failure: (any Error)?

            init(_ consumers: [BareConsumer]) { self.consumers = consumers }

            func start(_ events: Int, inBatchesOf batch: Int) {
                Thread.detachNewThread { [self] in
                    do {
                        for consumer in consumers { try consumer.handle(events, inBatchesOf: batch) }
                    } catch {
                        failure = error
                    }
                    done.signal()
                }
            }

            func wait() throws {
                done.wait()
                if let failure { throw failure }
            }
        }

        /// What a further server costs that keeps an event too.
        private func replicating(_ path: String, _ figures: inout ClusterFigures) async throws {
            let events = 12_800
            let servers = try BenchmarkServer.cluster(path, in: folder.path)
            defer { for server in servers { server.end() } }
            var store: NATSEventStore?
            let deadline = ContinuousClock.now + .seconds(60)
            while store == nil {
                do {
                    store = try await NATSEventStore(
                        NATSOptions(servers[0].url),
                        stream: "n1",
                        retention: .forever,
                        replicas: 3
                    )
                } catch {
                    // Until they have found each other.
                    guard error.isTransient, .now < deadline else { throw error }
                    try await Task.sleep(for: .milliseconds(200))
                }
            }
            guard let store else { return }
            var cost = Cost(servers)
            let start = ContinuousClock.now
            for _ in 0..<options.rounds {
                try await cost.count(events) { try await Self.publish(events, to: store, tasks: 64) }
            }
            let time = (ContinuousClock.now - start) / .microseconds(1) / Double(options.rounds * events)
            StoreBenchmarks.print(
                "N1  64 tasks publish to three replicas: \(String(format: "%.1f", time)) µs\(cost.text), all three together"
            )
            figures.replicaServer = max(0, (cost.server - figures.publishServer) / 2)
        }
    }
#endif
