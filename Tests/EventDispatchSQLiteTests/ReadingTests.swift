#if SQLite
    import EventDispatch
    import EventDispatchSQLite
    import EventDispatchStore
    import EventDispatchTesting
    import Foundation
    import ProgramSupport
    import TestSupport
    import Testing

    /// What is read from a file, by the index and without it.
    @Suite(.timeLimit(.minutes(10))) struct ReadingTests {
        /// Stores and interests that are drawn, and what a store in memory says of them.
        @Test func `a file is read like a store in memory whatever is wanted`() async throws {
            var random = SplitMix64(seed: 7)
            for _ in 0..<scaled(3, full: 100) {
                let clock = StoreClock(ManualClock())
                let file = try await SQLiteEventStore(
                    at: temporaryPath("shop.sqlite"),
                    retention: .forever,
                    clock: clock
                )
                let memory = MemoryEventStore(retention: .forever, clock: clock)
                let (names, regions) = (1 + random.next(below: 4), 1 + random.next(below: 20))
                // The same ones each time: what is known of them has to be brought up to date.
                let lasting = (0..<3).map { _ in interest(names, regions, &random) }
                for _ in 0..<(1 + random.next(below: 4)) {
                    let events = (0..<random.next(below: 300)).map { _ in
                        var routing: [String: String] = [:]
                        if random.next(below: 8) > 0 { routing["region"] = "r\(random.next(below: regions))" }
                        if random.next(below: 2) > 0 { routing["tenant"] = "t\(random.next(below: 3))" }
                        return StoredEvent(
                            id: "\(random.next())",
                            name: "n\(random.next(below: names))",
                            source: "s",
                            time: StoreTime(sinceEpoch: .seconds(random.next(below: 100))),
                            routing: routing,
                            data: Data()
                        )
                    }
                    #expect(try await file.append(events) == memory.append(events))
                    for wanted in lasting + (0..<7).map({ _ in interest(names, regions, &random) }) {
                        try await compare(file, memory, wanted, &random)
                    }
                }
            }
        }

        private func interest(_ names: Int, _ regions: Int, _ random: inout SplitMix64) -> EventInterest {
            var interest = EventInterest()
            for _ in 0..<random.next(below: 4) {
                var routing: [String: Set<String>] = [:]
                if random.next(below: 2) > 0 {
                    routing["region"] = Set((0..<random.next(below: 12)).map { _ in "r\(random.next(below: regions))" })
                }
                if random.next(below: 4) == 0 { routing["tenant"] = ["t\(random.next(below: 4))"] }
                interest.parts.append(.init(name: "n\(random.next(below: names + 1))", routing: routing))
            }
            return interest
        }

        private func compare(
            _ file: SQLiteEventStore,
            _ memory: MemoryEventStore,
            _ interest: EventInterest,
            _ random: inout SplitMix64
        ) async throws {
            let limit = 1 + random.next(below: 70)
            var after = Int64(random.next(below: 50))
            let (counted, expected) = (
                try await file.backlog(after: after, interest), try await memory.backlog(after: after, interest)
            )
            #expect(counted.count == expected.count && counted.oldest == expected.oldest, "\(interest)")
            // Batches may be cut elsewhere; what is in them, one after the other, is the same.
            var read: [StoredEvent] = []
            while true {
                let batch = try await file.read(after: after, limit: limit, interest)
                #expect(batch.events.count <= limit)
                read += batch.events
                if batch.isEnd { break }
                #expect(batch.upTo > after)
                after = batch.upTo
            }
            let all = memory.events.filter { $0.sequence > (read.first?.sequence ?? .max) - 1 && interest.includes($0) }
            #expect(read.map(\.sequence) == all.map(\.sequence), "\(interest)")
            #expect(read == all)
        }

        @Test func `large events are read a few at a time`() async throws {
            let store = try await SQLiteEventStore(at: temporaryPath("shop.sqlite"), retention: .forever)
            let large = String(repeating: "r", count: 1_000_000)
            for id in 0..<12 { try await store.publish(OrderPlaced(id: id, region: id % 2 == 0 ? large : "eu")) }
            var interest = EventInterest()
            interest.parts = [.init(name: OrderPlaced.storedName, routing: [:])]
            let batch = try await store.read(after: 0, limit: 64, interest)
            #expect(batch.events.count < 12 && batch.events.count > 2 && !batch.isEnd)
            #expect(batch.upTo == batch.events.last?.sequence)
            interest.parts = [.init(name: OrderPlaced.storedName, routing: ["region": [large]])]
            let picked = try await store.read(after: 0, limit: 64, interest)
            #expect(
                picked.events.count == 5 && picked.upTo == 9 && !picked.isEnd,
                "a batch may end with what is too much"
            )
            #expect(try await store.read(after: 9, limit: 64, interest).events.map(\.sequence) == [11])
        }

        @Test func `a rare event behind many others is found`() async throws {
            let store = try await SQLiteEventStore(at: temporaryPath("shop.sqlite"), retention: .forever)
            for first in stride(from: 0, to: 10_000, by: 1_000) {
                try await store.publish((first..<first + 1_000).map { OrderPlaced(id: $0, region: "r\($0 % 50)") })
            }
            try await store.publish((0..<12).map { OrderPlaced(id: $0, region: "rare \($0)") })
            let seen = Seen()
            let billing = try await store.subscribe("billing", from: .beginning) {
                On(OrderPlaced.self) {
                    Where(\.region, in: (0..<12).map { "rare \($0)" })
                    Handle { order in seen.add(order.id) }
                }
            }
            try await billing.caughtUp()
            #expect(seen.all == Array(0..<12))
            await billing.stop()
        }

        @Test func `one that can not be stored fails for itself alone`() async throws {
            let path = try temporaryPath("shop.sqlite")
            let store = try await SQLiteEventStore(at: path, retention: .forever)
            try await store.execute(
                """
                CREATE TEMP TRIGGER refuse BEFORE INSERT ON main.event_dispatch_events WHEN NEW.id LIKE 'bad%'
                BEGIN SELECT RAISE(ABORT, 'refused'); END
                """
            )
            try await store.execute("PRAGMA busy_timeout = 1000000000")
            let database = try Database(at: path)
            // While another program writes, all that is published gathers.
            try database.run("BEGIN IMMEDIATE")
            let refused = Seen()
            let tasks = (0..<40).map { number in
                Task {
                    let isBad = number % 10 == 7
                    do throws(EventStoreError) {
                        try await store.publish(OrderPlaced(id: number), id: isBad ? "bad \(number)" : "good \(number)")
                    } catch {
                        #expect(isBad && error.message.contains("refused"))
                        refused.add(number)
                    }
                }
            }
            // All have come to the store; they are committed together.
            for _ in 0..<100 { await Task.detached {}.value }
            try database.run("COMMIT")
            for task in tasks { await task.value }
            #expect(refused.all.count == 4)
            #expect(try database.run("SELECT count(*) FROM event_dispatch_events") == ["36"])
        }
    }
#endif
