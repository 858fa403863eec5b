#if SQLite
    import EventDispatch
    import EventDispatchSQLite
    import EventDispatchStore
    import EventDispatchTesting
    import Foundation
    import Testing
    import TestSupport

    /// Several stores on one file, as several processes have them.
    @Suite(.timeLimit(.minutes(10))) struct SharedFileTests {
        private let path: String

        init() throws { path = try temporaryPath("shop.sqlite") }

        private func open() async throws -> SQLiteEventStore {
            try await SQLiteEventStore(at: path, retention: .forever)
        }

        @Test func `a subscription is delivered by one store at a time and another takes over`() async throws {
            let (first, second) = (try await open(), try await open())
            let (seenByFirst, seenBySecond) = (Seen(), Seen())
            let delivering = try await first.collect(into: seenByFirst)
            let waiting = try await second.collect(into: seenBySecond)
            #expect(try await waiting.status.deliverer == .elsewhere)
            #expect(try await delivering.status.deliverer == .here)
            try await second.publish((1...20).map { OrderPlaced(id: $0) })
            try await delivering.caughtUp()
            #expect(seenByFirst.all == Array(1...20) && seenBySecond.all.isEmpty)
            await delivering.stop()
            try await first.publish(OrderPlaced(id: 21))
            try await waiting.caughtUp()
            #expect(seenByFirst.all == Array(1...20) && seenBySecond.all == [21])
            #expect(try await waiting.status.deliverer == .here)
            await waiting.stop()
        }

        @Test func `one store at a time forwards and another takes over`() async throws {
            let (first, second, other) = (try await open(), try await open(), MemoryEventStore())
            let forwarding = try await first.forward(to: other)
            let waiting = try await second.forward(to: other)
            #expect(try await waiting.status.deliverer == .elsewhere)
            try await second.publish((1...20).map { OrderPlaced(id: $0) }, ids: (1...20).map { "\($0)" })
            try await waiting.caughtUp()
            #expect(other.events.map(\.id) == (1...20).map { "\($0)" })
            #expect(try await waiting.status.deliverer == .elsewhere)
            await forwarding.stop()
            try await first.publish(OrderPlaced(id: 21), id: "21")
            try await waiting.caughtUp()
            #expect(other.events.last?.id == "21")
            await waiting.stop()
        }

        @Test func `a subscription that stands by has caught up when the other store has done everything`() async throws
        {
            let (first, second) = (try await open(), try await open())
            let (seen, gate) = (Seen(), Gate())
            let billing = try await first.subscribe("billing", from: .beginning) {
                On(OrderPlaced.self) {
                    Handle { order in
                        try await gate.wait()
                        seen.add(order.id)
                    }
                }
            }
            let waiting = try await second.collect(into: Seen())
            try await second.publish([OrderPlaced(id: 1), OrderPlaced(id: 2)])
            await gate.arrivals(1)
            let caughtUp = Task { try await waiting.caughtUp() }
            gate.open()
            try await caughtUp.value
            #expect(seen.all == [1, 2])
            #expect(try await waiting.status.deliverer == .elsewhere)
            await waiting.stop()
            await billing.stop()
        }

        @Test func `a store takes over when another is gone without a word`() async throws {
            let seen = Seen()
            let waiting = try await abandon(seen)
            try await waiting.caughtUp()
            #expect(seen.all == [1, 2])
            await waiting.stop()
        }

        /// A second store that waits, and a first that is freed while its lock is held, as if its process ended.
        private func abandon(_ seen: Seen) async throws -> DurableSubscription {
            let first = try await open()
            _ = try #require(try await first.open("billing", as: ClaimID(), from: .beginning) { _ in })
            try await first.publish([OrderPlaced(id: 1), OrderPlaced(id: 2)])
            let second = try await open()
            let waiting = try await second.collect(into: seen)
            #expect(try await waiting.status.deliverer == .elsewhere)
            return waiting
        }

        @Test func `a subscription notices what another store publishes by itself`() async throws {
            let (first, second) = (try await open(), try await open())
            let delivered = Gate()
            let billing = try await first.subscribe("billing") {
                On(OrderPlaced.self) { Handle { _ in delivered.open() } }
            }
            try await billing.caughtUp()
            try await second.publish(OrderPlaced(id: 1))
            await delivered.waitIgnoringCancellation()
            await billing.stop()
        }

        @Test func `a dead letter that another store returns is delivered at once`() async throws {
            let (first, second) = (try await open(), try await open())
            let isBroken = Locked(true)
            let delivered = Gate()
            let billing = try await first.subscribe("billing", retry: .immediate(attempts: 1)) {
                On(OrderPlaced.self) {
                    Handle { _ in
                        if isBroken.withLock({ $0 }) { throw CancellationError() }
                        delivered.open()
                    }
                }
            }
            try await first.publish(OrderPlaced(id: 1))
            try await billing.caughtUp()
            #expect(try await second.deadLetters(of: "billing").map(\.sequence) == [1])
            isBroken.withLock { $0 = false }
            try await second.redeliver(1, of: "billing")
            await delivered.waitIgnoringCancellation()
            try await billing.caughtUp()
            #expect(try await second.deadLetters(of: "billing").isEmpty)
            await billing.stop()
        }

        @Test func `a store sees the status of a subscription that another delivers`() async throws {
            let (first, second) = (try await open(), try await open())
            let gate = Gate()
            let billing = try await first.subscribe("billing") {
                On(OrderPlaced.self) { Handle { _ in try await gate.wait() } }
            }
            try await first.publish((1...5).map { OrderPlaced(id: $0) })
            await gate.arrivals(1)
            let status = try await second.status(of: "billing")
            #expect(status.inFlight == 1 && status.waiting == 4 && status.position == 0 && status.dead == 0)
            #expect(try await second.subscriptions() == ["billing"])
            gate.open()
            try await billing.caughtUp()
            #expect(try await second.status(of: "billing").position == 5)
            await billing.stop()
        }

        @Test func `a subscription that waits for another store can be stopped`() async throws {
            let (first, second) = (try await open(), try await open())
            let billing = try await first.collect(into: Seen())
            let waiting = try await second.collect(into: Seen())
            let report = await waiting.stop()
            #expect(report.givenBack.isEmpty && report.interrupted.isEmpty && report.unacknowledged.isEmpty)
            let error = await #expect(throws: EventStoreError.self) { try await waiting.caughtUp() }
            #expect(error?.code == .stopped)
            await billing.stop()
            let again = try await second.collect(into: Seen())
            #expect(try await again.status.deliverer == .here)
            await again.stop()
        }

        @Test func `a subscription that another store has removed ends with a fault`() async throws {
            let (first, second) = (try await open(), try await open())
            let billing = try await first.collect(into: Seen())
            try await billing.caughtUp()
            try await second.forget("billing")
            try await second.publish(OrderPlaced(id: 1))
            let error = await #expect(throws: EventStoreError.self) { try await billing.caughtUp() }
            #expect(error?.code == .noSubscription)
            await billing.stop()
            #expect(try await billing.status.deliverer == .nobody)
        }

        @Test func `a subscription that stands by can't be opened a second time`() async throws {
            let (first, second) = (try await open(), try await open())
            let billing = try await first.collect(into: Seen())
            let waiting = try await second.collect(into: Seen())
            let error = await #expect(throws: EventStoreError.self) { try await second.collect(into: Seen()) }
            #expect(error?.code == .alreadySubscribed)
            await billing.stop()
            try await first.publish(OrderPlaced(id: 1))
            try await waiting.caughtUp()
            #expect(try await waiting.status.deliverer == .here)
            await waiting.stop()
        }

        @Test func `a file is locked by whatever name it is opened`() async throws {
            let link = path + "-link"
            let first = try await open()
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
            let second = try await SQLiteEventStore(at: link)
            let billing = try await first.collect(into: Seen())
            let waiting = try await second.collect(into: Seen())
            #expect(try await waiting.status.deliverer == .elsewhere)
            await waiting.stop()
            await billing.stop()
        }

        @Test func `a file of locks that was removed locks nothing and is told`() async throws {
            let store = try await open()
            try FileManager.default.removeItem(atPath: path + "-subscriptions")
            let error = await #expect(throws: EventStoreError.self) { try await store.collect(into: Seen()) }
            #expect(error?.code == .fileGone && error?.message.contains("-subscriptions") == true)
        }

        @Test func `a subscription can be opened while another store removes it`() async throws {
            let (first, second) = (try await open(), try await open())
            for id in 1...30 {
                let seen = Seen()
                async let removed: Void = first.forget("billing")
                // It may be removed right after it was made.
                let early = try? await second.collect(into: seen)
                try await removed
                if try await second.record(of: "billing") == nil { await early?.stop() }
                let billing: DurableSubscription
                if let early, try await early.status.deliverer == .here {
                    billing = early
                } else {
                    billing = try await second.collect(into: seen)
                }
                try await second.publish(OrderPlaced(id: id))
                try await billing.caughtUp()
                #expect(seen.all.last == id)
                await billing.stop()
            }
        }

        @Test func `no thread of the pool is held while another program writes`() async throws {
            let store = try await open()
            // Forever: a slow machine isn't to be told that the file is locked.
            try await store.execute("PRAGMA busy_timeout = 1000000000")
            let database = try Database(at: path)
            try database.run("BEGIN IMMEDIATE")
            let publishing = (0..<64).map { id in Task { try await store.publish(OrderPlaced(id: id)) } }
            // If publishing held the threads, these would run when it has given up.
            for _ in 0..<100 { await Task.detached {}.value }
            try database.run("COMMIT")
            for task in publishing { _ = try await task.value }
            #expect(try database.run("SELECT count(*) FROM event_dispatch_events") == ["64"])
        }

        @Test func `many stores may make one file at once`() async throws {
            for _ in 0..<10 {
                let path = try temporaryPath("shop.sqlite")
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for id in 0..<8 {
                        group.addTask {
                            let store = try await SQLiteEventStore(at: path, retention: .forever)
                            try await store.publish(OrderPlaced(id: id))
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(try Database(at: path).run("SELECT count(*) FROM event_dispatch_events") == ["8"])
            }
        }

        @Test func `a wait for another store is stopped while it is tried again`() async throws {
            let (first, second) = (try await open(), try await open())
            let billing = try await first.collect(into: Seen())
            for _ in 0..<50 {
                let waiting = try await second.collect(into: Seen())
                await waiting.stop()
            }
            await billing.stop()
            let again = try await second.collect(into: Seen())
            #expect(try await again.status.deliverer == .here)
            await again.stop()
        }
    }
#endif
