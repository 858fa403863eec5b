#if SQLite
    import EventDispatch
    import EventDispatchSQLite
    import EventDispatchStore
    import EventDispatchTesting
    import Foundation
    import Testing
    import TestSupport

    /// Files that aren't as they should be, and disks.
    @Suite(.timeLimit(.minutes(10))) struct FaultTests {
        private let path: String

        init() throws { path = try temporaryPath("shop.sqlite") }

        private func failure(_ path: String) async -> EventStoreError? {
            do throws(EventStoreError) {
                _ = try await SQLiteEventStore(at: path)
                return nil
            } catch {
                return error
            }
        }

        @Test func `a missing folder is named`() async throws {
            let missing = path + "-missing/shop.sqlite"
            let error = try #require(await failure(missing))
            #expect(error.code == .unavailable && !error.isTransient)
            #expect(error.message.contains("there is no folder") && error.message.contains(missing))
        }

        @Test func `a folder is no file`() async throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            let error = try #require(await failure(path))
            #expect(error.code == .unavailable && error.message.contains(path))
        }

        @Test func `a file that is no database is refused and left as it was`() async throws {
            let text = Data(String(repeating: "not a database\n", count: 1_000).utf8)
            try text.write(to: URL(fileURLWithPath: path))
            let error = try #require(await failure(path))
            #expect(error.code == .notADatabase && error.message.contains(path))
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
        }

        @Test func `a file of a later version is refused with both versions and left as it was`() async throws {
            _ = try await SQLiteEventStore(at: path)
            let database = try Database(at: path)
            try database.run("UPDATE event_dispatch_store SET version = 99")
            let error = try #require(await failure(path))
            #expect(error.code == .wrongVersion)
            #expect(error.message.contains("99") && error.message.contains("up to 1"))
            #expect(try database.run("SELECT version FROM event_dispatch_store") == ["99"])
        }

        @Test func `a file whose version can not be read is corrupt`() async throws {
            _ = try await SQLiteEventStore(at: path)
            try Database(at: path).run("DELETE FROM event_dispatch_store")
            #expect(await failure(path)?.code == .corrupt)
        }

        @Test func `an application's own database gets the tables beside its own`() async throws {
            let database = try Database(at: path)
            try database.run("CREATE TABLE orders (id INTEGER PRIMARY KEY); INSERT INTO orders VALUES (7)")
            let store = try await SQLiteEventStore(at: path)
            try await store.publish(OrderPlaced(id: 7))
            #expect(try database.run("SELECT id FROM orders") == ["7"])
            let others = try database.run(
                "SELECT name FROM sqlite_master WHERE name NOT LIKE 'event_dispatch%' AND name NOT LIKE 'sqlite_%'"
            )
            #expect(others == ["orders"])
        }

        @Test func `a full disk is told and the event isn't stored and later ones are`() async throws {
            let store = try await SQLiteEventStore(at: path, retention: .forever)
            try await store.execute("PRAGMA max_page_count = 40")
            var stored = 0
            var fault: EventStoreError?
            while fault == nil {
                do throws(EventStoreError) {
                    try await store.publish((0..<100).map { OrderPlaced(id: $0) })
                    stored += 100
                } catch {
                    fault = error
                }
            }
            #expect(fault?.code == .full && fault?.isTransient == true && fault?.message.contains(path) == true)
            try await store.execute("PRAGMA max_page_count = 100000")
            try await store.publish(OrderPlaced(id: 7), id: "after")
            let database = try Database(at: path)
            #expect(try database.run("SELECT count(*) FROM event_dispatch_events") == ["\(stored + 1)"])
            #expect(try database.run("PRAGMA integrity_check") == ["ok"])
        }

        @Test func `an event whose commit fails is not published`() async throws {
            let store = try await SQLiteEventStore(at: path, retention: .forever)
            // The commit finds what is missing, and not the insertion.
            try await store.execute(
                """
                CREATE TABLE parents (id INTEGER PRIMARY KEY);
                CREATE TABLE children (parent REFERENCES parents DEFERRABLE INITIALLY DEFERRED);
                CREATE TEMP TRIGGER orphan AFTER INSERT ON main.event_dispatch_events BEGIN INSERT INTO children VALUES (1); END
                """
            )
            let error = await #expect(throws: EventStoreError.self) { try await store.publish(OrderPlaced(id: 1)) }
            #expect(error?.message.contains("FOREIGN KEY") == true)
            try await store.execute("DROP TRIGGER orphan")
            #expect(try await store.publish(OrderPlaced(id: 2)) == 1)
            #expect(try await store.events(at: [1, 2]).count == 1)
        }

        @Test func `delivery pauses while the disk is full and goes on when there is room`() async throws {
            let clock = ManualClock()
            let store = try await SQLiteEventStore(at: path, retention: .forever, clock: StoreClock(clock))
            let gate = Gate()
            let billing = try await store.subscribe("billing", retry: .immediate(attempts: 1)) {
                On(OrderPlaced.self) {
                    Handle { _ in
                        try await gate.wait()
                        throw CancellationError()
                    }
                }
            }
            // As a dead letter, the event needs more pages than there are left.
            try await store.publish(OrderPlaced(id: 1, region: String(repeating: "r", count: 100_000)))
            await gate.arrivals(1)
            try await store.execute("PRAGMA max_page_count = 1")
            gate.open()
            await clock.sleepers(1)
            #expect(try await billing.status.fault?.code == .full)
            #expect(try await billing.deadLetters().isEmpty)
            try await store.execute("PRAGMA max_page_count = 100000")
            clock.advance(by: .milliseconds(200))
            try await billing.caughtUp()
            #expect(try await billing.deadLetters().count == 1)
            #expect(try await billing.status.fault == nil)
            await billing.stop()
        }

        @Test func `delivery pauses while another program locks the file and goes on by itself`() async throws {
            let clock = ManualClock()
            let store = try await SQLiteEventStore(at: path, retention: .forever, clock: StoreClock(clock))
            try await store.execute("PRAGMA busy_timeout = 20")
            let (seen, gate) = (Seen(), Gate())
            let billing = try await store.subscribe("billing") {
                On(OrderPlaced.self) {
                    Handle { order in
                        try await gate.wait()
                        seen.add(order.id)
                    }
                }
            }
            try await store.publish([OrderPlaced(id: 1), OrderPlaced(id: 2)])
            await gate.arrivals(1)
            let database = try Database(at: path)
            try database.run("BEGIN IMMEDIATE")
            gate.open()
            await clock.sleepers(1)
            #expect(try await billing.status.fault?.code == .locked)
            try database.run("COMMIT")
            clock.advance(by: .milliseconds(200))
            try await billing.caughtUp()
            #expect(seen.all == [1, 2])
            await billing.stop()
        }

        @Test func `a store that can not be written to says so`() async throws {
            let store = try await SQLiteEventStore(at: path)
            try await store.execute("PRAGMA query_only = ON")
            let error = await #expect(throws: EventStoreError.self) { try await store.publish(OrderPlaced(id: 1)) }
            #expect(error?.code == .readOnly && error?.isTransient == false)
        }

        @Test func `a file that another program locks for too long is told as such`() async throws {
            let store = try await SQLiteEventStore(at: path, retention: .forever)
            try await store.execute("PRAGMA busy_timeout = 20")
            let database = try Database(at: path)
            try database.run("BEGIN IMMEDIATE")
            let error = await #expect(throws: EventStoreError.self) { try await store.publish(OrderPlaced(id: 1)) }
            #expect(error?.code == .locked && error?.isTransient == true)
            try database.run("COMMIT")
            try await store.publish(OrderPlaced(id: 1))
        }

        @Test func `a file that was removed is told and nothing is published into the void`() async throws {
            let store = try await SQLiteEventStore(at: path)
            try await store.publish(OrderPlaced(id: 1))
            try FileManager.default.removeItem(atPath: path)
            let error = await #expect(throws: EventStoreError.self) { try await store.publish(OrderPlaced(id: 2)) }
            #expect(error?.code == .fileGone && error?.isTransient == false)
        }

        @Test func `a file that was replaced is told`() async throws {
            let store = try await SQLiteEventStore(at: path)
            try FileManager.default.moveItem(atPath: path, toPath: path + "-moved")
            _ = FileManager.default.createFile(atPath: path, contents: nil)
            let error = await #expect(throws: EventStoreError.self) { try await store.publish(OrderPlaced(id: 2)) }
            #expect(error?.code == .fileGone)
        }

        @Test func `a damaged file ends its subscription with a fault`() async throws {
            do {
                let store = try await SQLiteEventStore(at: path, retention: .forever)
                try await store.publish((0..<2_000).map { OrderPlaced(id: $0, region: "region \($0 % 7)") })
            }
            let database = try Database(at: path)
            try database.run("PRAGMA wal_checkpoint(TRUNCATE)")
            let root = try #require(
                Int(try database.run("SELECT rootpage FROM sqlite_master WHERE name = 'event_dispatch_events'")[0])
            )
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            try handle.seek(toOffset: UInt64((root - 1) * 4_096))
            try handle.write(contentsOf: Data(repeating: 0xA5, count: 2_048))
            try handle.close()
            let store = try await SQLiteEventStore(at: path, retention: .forever)
            let seen = Seen()
            let error = await #expect(throws: EventStoreError.self) {
                let billing = try await store.collect(into: seen)
                try await billing.caughtUp()
            }
            #expect(error?.code == .corrupt && error?.isTransient == false)
            #expect(error?.message.contains(path) == true)
        }
    }
#endif
