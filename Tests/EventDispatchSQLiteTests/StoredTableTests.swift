#if SQLite
    import EventDispatch
    import EventDispatchSQLite
    import EventDispatchStore
    import EventDispatchTesting
    import Foundation
    import Testing
    import TestSupport

    /// What stands in the tables, for other programs.
    @Suite(.timeLimit(.minutes(10))) struct StoredTableTests {
        private let path: String

        init() throws { path = try temporaryPath("shop.sqlite") }

        @Test func `an event stands in the view with the attributes of CloudEvents`() async throws {
            let clock = ManualClock()
            let store = try await SQLiteEventStore(at: path, source: "/shop", clock: StoreClock(clock))
            clock.advance(by: .microseconds(1_764_512_345_000_789))
            try await store.publish(OrderPlaced(id: 7), id: "a", trace: "00-1-2-01")
            let columns =
                "id || ' ' || source || ' ' || specversion || ' ' || type || ' ' || time || ' ' || datacontenttype"
            let rows = try Database(at: path).run("SELECT \(columns) FROM event_dispatch_cloudevents")
            #expect(rows == ["a /shop 1.0 shop.order.placed 2025-11-30T14:19:05.000789Z application/json"])
            let rest = "schemaversion || ' ' || routing || ' ' || traceparent || ' ' || data"
            #expect(
                try Database(at: path).run("SELECT \(rest) FROM event_dispatch_cloudevents")
                    == [#"1 {"region":"eu"} 00-1-2-01 {"id":7,"region":"eu"}"#]
            )
        }

        @Test func `an event that another program inserts into the view is delivered`() async throws {
            let store = try await SQLiteEventStore(at: path, retention: .forever)
            try Database(at: path).run(
                """
                INSERT INTO event_dispatch_cloudevents (id, source, type, time, traceparent, data)
                VALUES ('a', '/other', 'shop.order.placed', '2025-11-30T14:19:05.250Z', '00-1-2-01', '{"id":7,"region":"us"}'),
                       ('a', '/other', 'shop.order.placed', '2025-11-30T14:19:05.250Z', NULL, '{"id":8,"region":"us"}')
                """
            )
            let seen = Seen()
            let billing = try await store.collect(into: seen)
            try await billing.caughtUp()
            #expect(seen.all == [7], "the second has the same ID")
            let event = try #require(try await store.events(at: [1]).first)
            #expect(event.time == StoreTime(sinceEpoch: .milliseconds(1_764_512_345_250)))
            #expect(event.source == "/other" && event.trace == "00-1-2-01" && event.schemaVersion == 1)
            try Database(at: path).run(
                "INSERT INTO event_dispatch_cloudevents (id, source, type, data) VALUES ('b', '/other', 'shop.order.placed', '{}')"
            )
            #expect(
                try await store.events(at: [2]).first.map { $0.time > event.time } == true,
                "it has the time of its insertion"
            )
            await billing.stop()
        }

        @Test func `a program in Python publishes and reads`() async throws {
            let python = "/usr/bin/python3"
            guard FileManager.default.isExecutableFile(atPath: python) else {
                print("skipped: there is no \(python)")
                return
            }
            let store = try await SQLiteEventStore(at: path, retention: .forever)
            try await store.publish(OrderPlaced(id: 1), id: "from Swift")
            let script = """
                import json, sqlite3, sys
                file = sqlite3.connect(sys.argv[1])
                for id, kind, data in file.execute("SELECT id, type, data FROM event_dispatch_cloudevents"):
                    print(id, kind, json.loads(data)["id"])
                with file:
                    file.execute("INSERT INTO event_dispatch_cloudevents (id, source, type, data) VALUES (?, ?, ?, ?)",
                                 ("from Python", "/python", "shop.order.placed", json.dumps({"id": 2, "region": "eu", "new": True})))
                """
            let process = Process()
            process.executableURL = URL(fileURLWithPath: python)
            process.arguments = ["-c", script, path]
            let pipe = Pipe()
            process.standardOutput = pipe
            try process.run()
            let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 0 && output == "from Swift shop.order.placed 1\n")
            let seen = Seen()
            let billing = try await store.collect(into: seen)
            try await billing.caughtUp()
            #expect(seen.all == [1, 2])
            await billing.stop()
        }

        @Test func `rows of any content are delivered or dead letters and stop nobody`() async throws {
            let store = try await SQLiteEventStore(at: path, retention: .forever)
            try Database(at: path).run(
                """
                INSERT INTO event_dispatch_kinds (kind, name, version, source, routing) VALUES
                    (1, 'shop.order.placed', 9223372036854775807, '', 'no JSON'), (2, 'shop.order.placed', -9, 's', '{"region": 5}'),
                    (3, CAST(x'ff' AS TEXT), 1, '', '[]'), (4, 'shop.order.placed', 1, 's', '{}');
                INSERT INTO event_dispatch_events (id, kind, time, trace, data) VALUES
                    ('a', 1, 9223372036854775807, CAST(x'ff' AS TEXT), x'ff'), (CAST(x'00' AS TEXT), 2, 0, NULL, x''),
                    ('c', 3, 0, NULL, x'00'), ('d', 4, -9223372036854775808, 'trace', CAST('{"id":4,"region":"eu"}' AS BLOB)),
                    ('', 1, 0, NULL, CAST('{"id":5,"region":"eu"}' AS BLOB));
                """
            )
            let seen = Seen()
            let billing = try await store.collect(into: seen)
            try await billing.caughtUp()
            #expect(seen.all == [4, 5])
            #expect(try await billing.deadLetters().map(\.reason) == [.undecodable, .undecodable])
            #expect(try await billing.status.position == 5)
            await billing.stop()
        }

        @Test func `subscriptions of any content are read`() async throws {
            let store = try await SQLiteEventStore(at: path, retention: .forever)
            try await store.publish((1...3).map { OrderPlaced(id: $0) })
            try Database(at: path).run(
                """
                INSERT INTO event_dispatch_subscriptions VALUES (1, 'billing', -5, 'no JSON');
                INSERT INTO event_dispatch_attempts VALUES (1, 1, -7, 0, 0, 'no JSON'), (1, 9223372036854775807, 5, 0, -1, '{}');
                INSERT INTO event_dispatch_done VALUES (1, 2), (1, -7), (1, 9223372036854775807);
                INSERT INTO event_dispatch_letters VALUES
                    (1, 1, 500, -1, '', 'no JSON', -5, NULL, 0, 'id', 'shop.order.placed', 1, 's', 'r', 0, NULL, x'');
                """
            )
            let seen = Seen()
            let billing = try await store.collect(into: seen)
            try await billing.caughtUp()
            #expect(seen.all == [1, 3], "the second is done")
            #expect(
                try await billing.deadLetters().map(\.sequence) == [500],
                "it was to be delivered again, and can't be decoded"
            )
            await billing.stop()
        }

        @Test func `a text where a number belongs is refused`() async throws {
            _ = try await SQLiteEventStore(at: path)
            let database = try Database(at: path)
            #expect(throws: Database.Failure.self) {
                try database.run("INSERT INTO event_dispatch_subscriptions VALUES ('one', 'billing', 0, NULL)")
            }
            #expect(throws: Database.Failure.self) {
                try database.run("INSERT INTO event_dispatch_subscriptions VALUES (1, 'billing', 'nowhere', NULL)")
            }
            #expect(try database.run("SELECT count(*) FROM event_dispatch_subscriptions") == ["0"])
        }
    }
#endif
