#if NATS
    import EventDispatch
    import EventDispatchNATS
    import EventDispatchStore
    import Foundation

    /// N4: four processes share one subscription, and one that ends is replaced by the others.
    struct SharingBenchmark {
        private static let lease = Duration.seconds(2)
        private static let batch = 64
        private let server: BenchmarkServer
        private let rounds: Int

        init(_ server: BenchmarkServer, rounds: Int) {
            self.server = server
            self.rounds = rounds
        }

        func measure(_ figures: inout ClusterFigures) async throws {
            let events = 40_000
            let store = try await open("n4")
            try BareStream(server.url, "n4").publish(events, from: 0)
            var used = (time: Duration.zero, processor: 0.0)
            let times = try await BenchmarkComparison(events, rounds: rounds) { round in
                let before = server.processorTime
                let result = try share(events, .library, "round \(round)")
                used.time += result.time
                used.processor += result.processor + server.processorTime - before
                return result.time
            } measuredFloor: { round in
                _ = try BareStream(server.url, "n4").consumer("floor-\(round)")
                return try share(events, .bare, "floor-\(round)").time
            }
            withExtendedLifetime(store) {}
            figures.sharedProcessor = used.processor / Double(rounds * events)
            figures.sharedCores = used.processor / (used.time / .microseconds(1))
            figures.sharedRate = 1e6 / times.subject.median
            let rate = String(format: ", %.0f deliveries a second; processor, all together: ", figures.sharedRate)
            let more = String(format: "%.1f µs on %.2f cores", figures.sharedProcessor, figures.sharedCores)
            times.report("N4", "four processes share", rate + more)
            try await takeOver(&figures)
        }

        private func open(_ stream: String) async throws -> NATSEventStore { try await Self.open(server.url, stream) }

        private static func open(_ url: String, _ stream: String) async throws -> NATSEventStore {
            try await NATSEventStore(NATSOptions(url), stream: stream, retention: .forever, takeover: lease)
        }

        /// Lets four processes begin at once, and returns the time to the last event, and the processor time of all.
        private func share(
            _ events: Int,
            _ kind: StoreBenchmarkOptions.SharingRole.Kind,
            _ name: String
        ) throws -> (time: Duration, processor: Double) {
            let processes = try (0..<4).map { _ in
                try BenchmarkProcess(["--share", kind.rawValue, server.url, "n4", name])
            }
            defer { for process in processes { process.kill() } }
            for process in processes {
                guard process.readLine() == "ready" else { throw StoreBenchmarkFailure("a process of N4 ended") }
            }
            let start = Self.now
            for process in processes { process.go() }
            var (count, end, processor) = (0, start, 0.0)
            for process in processes {
                let parts = (process.readLine() ?? "").split(separator: " ")
                guard parts.count == 3, let handled = Int(parts[0]), let last = UInt64(parts[1]),
                    let own = Double(parts[2])
                else { throw StoreBenchmarkFailure("a process of N4 ended") }
                count += handled
                end = max(end, last)
                processor += own
            }
            guard count == events else { throw StoreBenchmarkFailure("N4 handled \(count) deliveries") }
            return (.nanoseconds(end - start), processor)
        }

        /// A clock that all processes of the machine have in common, in nanoseconds.
        private static var now: UInt64 {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        }

        /// How long it takes until the events that a killed process had are handled by another.
        private func takeOver(_ figures: inout ClusterFigures) async throws {
            let store = try await open("n4-takeover")
            var times: [Double] = []
            for round in 0..<min(rounds, 3) {
                let name = "round \(round)"
                let holding = try BenchmarkProcess(["--share", "holding", server.url, "n4-takeover", name])
                guard holding.readLine() == "ready" else { throw StoreBenchmarkFailure("a process of N4 ended") }
                holding.go()
                guard holding.readLine() == "subscribed" else { throw StoreBenchmarkFailure("a process of N4 ended") }
                try await store.publish((0..<Self.batch).map { BenchmarkOrder(id: $0) })
                guard holding.readLine() == "holds" else { throw StoreBenchmarkFailure("a process of N4 ended") }
                let count = Locked(0)
                let subscription = try await store.subscribe(name, order: .concurrent(Self.batch)) {
                    On(BenchmarkOrder.self) { Handle { _ in count.withLock { $0 += 1 } } }
                }
                holding.kill()
                let start = ContinuousClock.now
                try await subscription.caughtUp()
                times.append((ContinuousClock.now - start) / .seconds(1))
                await subscription.stop()
                guard count.withLock({ $0 }) == Self.batch else {
                    throw StoreBenchmarkFailure("N4 took \(count.withLock { $0 }) events over")
                }
            }
            times.sort()
            figures.lease = Self.lease / .seconds(1)
            figures.takeover = times[times.count / 2]
            let text = String(format: "%.2f s (%.2f to %.2f)", figures.takeover, times[0], times[times.count - 1])
            StoreBenchmarks.print(
                "N4  another handles what a killed process had: \(text), with a lease of \(figures.lease) s"
            )
        }

        /// What one of the processes does.
        static func takePart(as role: StoreBenchmarkOptions.SharingRole) async throws {
            let done = Locked((count: 0, last: UInt64(0)))
            switch role.kind {
            case .bare:
                let consumer = try BareStream(role.url, role.stream).consumer(role.name)
                waitForOthers()
                let count = try consumer.handle(inBatchesOf: batch) { done.withLock { $0.last = now } }
                done.withLock { $0.count = count }
            case .library:
                let store = try await open(role.url, role.stream)
                waitForOthers()
                let subscription = try await store.subscribe(role.name, from: .beginning, order: .concurrent(batch)) {
                    On(BenchmarkOrder.self) { Handle { _ in done.withLock { $0 = ($0.count + 1, now) } } }
                }
                try await subscription.caughtUp()
                await subscription.stop()
            case .holding:
                let store = try await open(role.url, role.stream)
                waitForOthers()
                let subscription = try await store.subscribe(role.name, order: .concurrent(batch)) {
                    On(BenchmarkOrder.self) {
                        Handle { _ in
                            let count = done.withLock {
                                $0.count += 1
                                return $0.count
                            }
                            if count == batch { StoreBenchmarks.print("holds") }
                            // Not for long: the process is about to be killed.
                            try await Task.sleep(for: .seconds(3_600))
                        }
                    }
                }
                StoreBenchmarks.print("subscribed")
                try await Task.sleep(for: .seconds(3_600))
                await subscription.stop()
            }
            let (count, last) = done.withLock { $0 }
            StoreBenchmarks.print("\(count) \(last) \(ProcessorTime.own)")
        }

        private static func waitForOthers() {
            StoreBenchmarks.print("ready")
            _ = readLine()
            // Ends with the process that has started it, however that ends.
            Thread.detachNewThread {
                // Not by `readLine`: that would hold a lock that `fflush` needs.
                var byte: UInt8 = 0
                while read(STDIN_FILENO, &byte, 1) > 0 {}
                _exit(1)
            }
        }
    }
#endif
