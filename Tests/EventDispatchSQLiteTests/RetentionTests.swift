#if SQLite
    import EventDispatch
    import EventDispatchSQLite
    import EventDispatchStore
    import EventDispatchTesting
    import Foundation
    import Testing
    import TestSupport

    /// What stays in the file, and for how long.
    @Suite(.timeLimit(.minutes(10))) struct RetentionTests {
        private let path: String
        private let clock = ManualClock()

        init() throws { path = try temporaryPath("shop.sqlite") }

        private func open(_ retention: Retention) async throws -> SQLiteEventStore {
            try await SQLiteEventStore(at: path, retention: retention, clock: StoreClock(clock))
        }

        /// The IDs of the orders that a subscription from the beginning gets.
        private func rest(_ store: SQLiteEventStore) async throws -> [Int] {
            let seen = Seen()
            let late = try await store.collect("late", into: seen)
            try await late.caughtUp()
            try await late.remove()
            return seen.all
        }

        @Test func `an event goes when every subscription is done with it`() async throws {
            let store = try await open(.whenDelivered)
            let first = try await store.collect(into: Seen())
            let second = try await store.collect("mailing", into: Seen())
            await second.stop()
            try await store.publish([OrderPlaced(id: 1), OrderPlaced(id: 2)])
            try await first.caughtUp()
            try await store.forgetEvents()
            #expect(try await rest(store) == [1, 2], "a subscription that is stopped still needs them")
            try await second.remove()
            try await store.forgetEvents()
            #expect(try await rest(store).isEmpty)
            await first.stop()
        }

        @Test func `an event stays for its time though everybody is done with it`() async throws {
            let store = try await open(.for(.seconds(60)))
            let billing = try await store.collect(into: Seen())
            try await store.publish(OrderPlaced(id: 1))
            clock.advance(by: .seconds(30))
            try await store.publish(OrderPlaced(id: 2))
            try await billing.caughtUp()
            clock.advance(by: .seconds(29))
            try await store.forgetEvents()
            #expect(try await rest(store) == [1, 2])
            clock.advance(by: .seconds(1))
            try await store.forgetEvents()
            #expect(try await rest(store) == [2])
            await billing.stop()
        }

        @Test func `a time that no number of microseconds holds is for ever`() async throws {
            let store = try await open(.for(.seconds(Int64.max)))
            let billing = try await store.collect(into: Seen())
            try await store.publish(OrderPlaced(id: 1))
            try await billing.caughtUp()
            try await store.forgetEvents()
            #expect(try await rest(store) == [1])
            await billing.stop()
        }

        @Test func `an event that comes before a subscription's beginning stays for the others`() async throws {
            let store = try await open(.whenDelivered)
            let ahead = try await store.collect(from: .sequence(100), into: Seen())
            try await store.publish(OrderPlaced(id: 1))
            try await ahead.caughtUp()
            try await store.forgetEvents()
            // Another that needs the next event, before the store forgets by itself.
            let late = try await store.collect("late", into: Seen())
            await late.stop()
            try await store.publish(OrderPlaced(id: 2))
            try await store.forgetEvents()
            #expect(try await rest(store) == [2])
            await ahead.stop()
        }

        @Test func `a store that isn't told a retention keeps to that of the file`() async throws {
            let store = try await open(.forever)
            let billing = try await store.collect(into: Seen())
            try await store.publish(OrderPlaced(id: 1))
            try await billing.caughtUp()
            let other = try await SQLiteEventStore(at: path, clock: StoreClock(clock))
            try await other.forgetEvents()
            #expect(try await rest(other) == [1])
            let last = try await open(.whenDelivered)
            try await other.forgetEvents()
            #expect(try await rest(last).isEmpty, "the last that told one decides for all")
            await billing.stop()
        }

        @Test func `nothing goes with forever`() async throws {
            let store = try await open(.forever)
            let billing = try await store.collect(into: Seen())
            try await store.publish(OrderPlaced(id: 1))
            try await billing.caughtUp()
            try await store.forgetEvents()
            #expect(try await rest(store) == [1])
            await billing.stop()
        }

        @Test func `an event that is gone is not stored again`() async throws {
            let store = try await open(.whenDelivered)
            let seen = Seen()
            let billing = try await store.collect(into: seen)
            for id in 1...5 {
                try await store.publish(OrderPlaced(id: id), id: "\(id)")
                try await billing.caughtUp()
                try await store.forgetEvents()
                #expect(try await store.publish(OrderPlaced(id: id), id: "\(id)") == Int64(id))
            }
            try await billing.caughtUp()
            #expect(seen.all == [1, 2, 3, 4, 5])
            await billing.stop()
        }

        @Test func `a sequence is never given again though its event is deleted`() async throws {
            let store = try await open(.whenDelivered)
            let billing = try await store.collect(into: Seen())
            try await store.publish(OrderPlaced(id: 1))
            try await billing.caughtUp()
            try Database(at: path).run("DELETE FROM event_dispatch_events")
            #expect(try await store.publish(OrderPlaced(id: 2)) == 2)
            try await billing.caughtUp()
            #expect(try await billing.status.position == 2)
            await billing.stop()
        }

        @Test func `the file gives space back when its events have gone`() async throws {
            let store = try await open(.whenDelivered)
            let first = try await store.collect(into: Seen())
            await first.stop()
            let text = String(repeating: "a long region ", count: 100)
            for first in stride(from: 0, to: 20_000, by: 1_000) {
                try await store.publish(
                    (first..<first + 1_000).map { OrderPlaced(id: $0, region: "\(text)\($0 / 1_000)") }
                )
            }
            let database = try Database(at: path)
            let full = try #require(Int(try database.run("PRAGMA page_count")[0]))
            // As if all were delivered. The last 10,000 stand in the table, for their IDs.
            try await store.publish((0..<10_000).map { OrderPlaced(id: $0) })
            try database.run("UPDATE event_dispatch_subscriptions SET position = 30000")
            try await store.forgetEvents()
            let rows = try database.run("SELECT count(*) FROM event_dispatch_events")
            #expect(rows == ["10000"])
            #expect(try database.run("SELECT count(*) FROM event_dispatch_kinds") == ["1"], "nobody needs the others")
            let left = try #require(Int(try database.run("PRAGMA page_count")[0]))
            let free = try #require(Int(try database.run("PRAGMA freelist_count")[0]))
            #expect(left < full / 4, "\(full) pages were \(left)")
            #expect(free <= max(1_024, left / 2), "\(free) of \(left) pages are free")
        }

        @Test func `nothing goes while there is no subscription`() async throws {
            let store = try await open(.whenDelivered)
            try await store.publish(OrderPlaced(id: 1))
            try await store.forgetEvents()
            #expect(try await rest(store) == [1])
        }
    }
#endif
