#if SQLite
    import EventDispatch
    import EventDispatchSQLite
    import EventDispatchStore
    import EventDispatchTesting
    import Testing
    import TestSupport

    /// Publishing in the caller's own transaction.
    @Suite(.timeLimit(.minutes(10))) struct TransactionTests {
        /// A store, and an application's connection to the same file, with a table of the application.
        private func shop() async throws -> (SQLiteEventStore, Database) {
            let path = try temporaryPath("shop.sqlite")
            let store = try await SQLiteEventStore(at: path, retention: .forever)
            let database = try Database(at: path)
            try database.run("CREATE TABLE orders (id INTEGER PRIMARY KEY)")
            return (store, database)
        }

        @Test func `an event is published when the caller's transaction commits`() async throws {
            let (store, database) = try await shop()
            let seen = Seen()
            let billing = try await store.collect(into: seen)
            try database.run("BEGIN; INSERT INTO orders VALUES (7)")
            let sequence = try store.publish(OrderPlaced(id: 7), id: "a", in: database.handle)
            #expect(try await store.events(at: [sequence]).isEmpty, "it isn't committed")
            try database.run("COMMIT")
            try await billing.caughtUp()
            #expect(seen.all == [7])
            #expect(try await store.events(at: [sequence]).map(\.id) == ["a"])
            await billing.stop()
        }

        @Test func `a subscription notices the commit of another connection by itself`() async throws {
            let (store, database) = try await shop()
            let delivered = Gate()
            let billing = try await store.subscribe("billing") {
                On(OrderPlaced.self) { Handle { _ in delivered.open() } }
            }
            try await billing.caughtUp()
            try database.run("BEGIN")
            try store.publish(OrderPlaced(id: 7), in: database.handle)
            try database.run("COMMIT")
            await delivered.waitIgnoringCancellation()
            await billing.stop()
        }

        @Test func `what commits in a transaction is forwarded and what is rolled back is not`() async throws {
            let (store, database) = try await shop()
            let other = MemoryEventStore()
            let forwarding = try await store.forward(to: other)
            for (id, end) in [("a", "COMMIT"), ("b", "ROLLBACK"), ("c", "COMMIT")] {
                // The forwarding writes to the file too.
                try database.run("BEGIN IMMEDIATE")
                try store.publish(OrderPlaced(id: 7), id: id, in: database.handle)
                try database.run(end)
            }
            try await forwarding.caughtUp()
            #expect(other.events.map(\.id) == ["a", "c"])
            await forwarding.stop()
        }

        @Test func `an event is not published when the caller's transaction is rolled back`() async throws {
            let (store, database) = try await shop()
            try database.run("BEGIN; INSERT INTO orders VALUES (7)")
            try store.publish(OrderPlaced(id: 7), id: "a", in: database.handle)
            try database.run("ROLLBACK")
            #expect(try await store.publish(OrderPlaced(id: 8), id: "b") == 1)
            #expect(try await store.events(at: [1, 2]).map(\.id) == ["b"])
            #expect(try database.run("SELECT count(*) FROM orders") == ["0"])
        }

        @Test func `an event is not published when the connection goes before the commit`() async throws {
            let (store, database) = try await shop()
            do {
                let other = try Database(at: store.path)
                try other.run("BEGIN; INSERT INTO orders VALUES (7)")
                try store.publish(OrderPlaced(id: 7), in: other.handle)
            }
            #expect(try database.run("SELECT count(*) FROM orders") == ["0"])
            #expect(try database.run("SELECT count(*) FROM event_dispatch_events") == ["0"])
        }

        @Test func `an event is not published when the caller rolls back to a savepoint before it`() async throws {
            let (store, database) = try await shop()
            try database.run("BEGIN; INSERT INTO orders VALUES (7); SAVEPOINT here")
            try store.publish(OrderPlaced(id: 7), in: database.handle)
            try database.run("ROLLBACK TO here; COMMIT")
            #expect(try database.run("SELECT count(*) FROM orders") == ["1"])
            #expect(try database.run("SELECT count(*) FROM event_dispatch_events") == ["0"])
        }

        @Test func `outside of a transaction nothing is published`() async throws {
            let (store, database) = try await shop()
            let error = #expect(throws: EventStoreError.self) {
                try store.publish(OrderPlaced(id: 7), in: database.handle)
            }
            #expect(error?.code == .noTransaction)
            #expect(error?.message.contains(store.path) == true)
            #expect(try database.run("SELECT count(*) FROM event_dispatch_events") == ["0"])
        }

        @Test func `a connection to another file is refused with both files`() async throws {
            let (store, _) = try await shop()
            let (other, _) = try await shop()
            let database = try Database(at: other.path)
            try database.run("BEGIN")
            let error = #expect(throws: EventStoreError.self) {
                try store.publish(OrderPlaced(id: 7), in: database.handle)
            }
            #expect(error?.code == .otherFile)
            #expect(error?.message.contains(store.path) == true && error?.message.contains(other.path) == true)
            try database.run("COMMIT")
            #expect(try database.run("SELECT count(*) FROM event_dispatch_events") == ["0"])
        }

        @Test func `a publish that fails leaves the caller's transaction as it was`() async throws {
            let (store, database) = try await shop()
            try database.run("BEGIN; INSERT INTO orders VALUES (7)")
            try database.run(
                "CREATE TEMP TRIGGER refuse BEFORE INSERT ON event_dispatch_events BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
            let error = #expect(throws: EventStoreError.self) {
                try store.publish(OrderPlaced(id: 7), in: database.handle)
            }
            #expect(error?.message.contains("refused") == true)
            try database.run("COMMIT")
            #expect(try database.run("SELECT id FROM orders") == ["7"])
            #expect(try database.run("SELECT count(*) FROM event_dispatch_kinds") == ["0"])
        }

        @Test func `the caller's last row stays its own`() async throws {
            let (store, database) = try await shop()
            try database.run("BEGIN; INSERT INTO orders VALUES (777)")
            try store.publish(OrderPlaced(id: 7), in: database.handle)
            #expect(try database.run("SELECT last_insert_rowid()") == ["777"])
            try database.run("COMMIT")
        }

        @Test func `publishing again with the same id in a transaction stores the event once`() async throws {
            let (store, database) = try await shop()
            try await store.publish(OrderPlaced(id: 7), id: "a")
            try database.run("BEGIN")
            #expect(try store.publish(OrderPlaced(id: 7), id: "a", in: database.handle) == 1)
            #expect(try store.publish(OrderPlaced(id: 8), id: "b", in: database.handle) == 2)
            #expect(try store.publish(OrderPlaced(id: 8), id: "b", in: database.handle) == 2)
            try database.run("COMMIT")
            #expect(try database.run("SELECT id FROM event_dispatch_events") == ["a", "b"])
        }
    }
#endif
