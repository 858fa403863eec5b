#if SQLite
    import EventDispatchSQLite
    import EventDispatchStore
    import Foundation
    import OrderService
    import TestSupport
    import Testing

    @Suite(.timeLimit(.minutes(10))) struct OrderServiceTests {
        /// A run to the end: takes orders, delivers them, stops.
        private func run(_ file: String, upTo last: Int) async throws {
            let service = try await OrderService(at: file, pause: .zero)
            let departments = try await service.deliver()
            try await service.takeGenerated(upTo: last)
            try await departments.caughtUp()
        }

        @Test func `a run of 200 orders bills, ships and mails each`() async throws {
            let file = try temporaryPath("shop.sqlite")
            try await run(file, upTo: 200)
            let service = try await OrderService.existing(at: file)
            #expect(
                try await service.check().report == [
                    "orders: 200, numbered without a gap",
                    "billing: 200 billed, 0 of them more than once, in order for each customer",
                    "shipping: 200 shipped, 0 of them more than once",
                    "mail: 198 mailed, 0 of them more than once, dead letters: 2",
                    "no faults",
                ]
            )
            let status = try await service.status()
            #expect(status.map(\.name) == ["billing", "shipping", "mail"])
            #expect(status.map { $0.status?.position } == [200, 200, 200])
            #expect(status.map { $0.status?.dead } == [0, 0, 2])
        }

        @Test func `a second run goes on where the first ended`() async throws {
            let file = try temporaryPath("shop.sqlite")
            try await run(file, upTo: 20)
            try await run(file, upTo: 50)
            try await run(file, upTo: 30)
            let check = try await OrderService.existing(at: file).check()
            #expect(check.lines[0] == "orders: 50, numbered without a gap")
            #expect(check.faults == [] && !check.isUnfinished)
        }

        @Test func `orders that were taken while nobody delivered are delivered later`() async throws {
            let file = try temporaryPath("shop.sqlite")
            let service = try await OrderService(at: file)
            try await service.takeGenerated(upTo: 20)
            #expect(try await service.check().isUnfinished)
            try await run(file, upTo: 20)
            let check = try await service.check()
            #expect(check.faults == [] && !check.isUnfinished)
        }

        @Test func `lines of the input become orders, each reference once`() async throws {
            let service = try await OrderService(at: temporaryPath("shop.sqlite"))
            var lines = [
                #"{"customer": "a", "total": 1}"#, #"{"customer": "b", "total": 2, "reference": "x"}"#, "", "nonsense",
                #"{"customer": "b", "total": 2, "reference": "x"}"#, #"{"customer": "a", "total": 1}"#,
            ][...]
            var refused: [Int] = []
            try await service.takeLines {
                lines.popFirst()
            } refuse: { line, _ in
                refused.append(line)
            }
            #expect(refused == [4])
            #expect(try await service.book.tables().orders.map(\.customer) == ["a", "b", "a"])
        }
    }

    /// Whether an order and its event are there together or not at all.
    @Suite(.timeLimit(.minutes(10))) struct OrderTransactionTests {
        private let order = OrderPlaced(number: 1, customer: "a", total: 1)
        private let insertion =
            "INSERT INTO orders (number, customer, total, sequence) VALUES (1, 'a', 1, 1)"

        /// What stands in the tables and in the store, of which nothing was delivered.
        private func counts(_ file: String) async throws -> [Int] {
            let service = try await OrderService.existing(at: file)
            let events = try await service.store.read(after: 0, limit: 10, interest(service.store))
            return [try await service.book.orderCount(), events.events.count]
        }

        private func interest(_ store: any EventStore) async throws -> EventInterest {
            // What a subscription to every order asks for.
            try #require(try await store.record(of: "billing")?.interest)
        }

        /// A file in which billing has been opened, and the connection and the store of somebody who takes an order by hand.
        private func prepared() async throws -> (file: String, Database, SQLiteEventStore) {
            let file = try temporaryPath("shop.sqlite")
            let service = try await OrderService(at: file)
            let departments = try await service.deliver()
            try await departments.caughtUp()
            await departments.stop(deadline: .seconds(60))
            return (file, try Database(at: file), try await SQLiteEventStore(at: file))
        }

        @Test func `an order that is committed has its event`() async throws {
            let (file, database, store) = try await prepared()
            try database.transaction {
                try database.run(insertion)
                try store.publish(order, in: database.handle)
            }
            #expect(try await counts(file) == [1, 1])
        }

        @Test func `an order that is rolled back leaves no event`() async throws {
            let (file, database, store) = try await prepared()
            #expect(throws: CancellationError.self) {
                try database.transaction {
                    try database.run(insertion)
                    try store.publish(order, in: database.handle)
                    throw CancellationError()
                }
            }
            #expect(try await counts(file) == [0, 0])
        }

        @Test func `an order whose connection ends before the commit leaves no event`() async throws {
            let (file, _, store) = try await prepared()
            do {
                let database = try Database(at: file)
                try database.run("BEGIN IMMEDIATE")
                try database.run(insertion)
                try store.publish(order, in: database.handle)
                #expect(try database.run("SELECT count(*) FROM orders") == [[.integer(1)]])
            }
            #expect(try await counts(file) == [0, 0])
        }

        @Test func `an order that can't be published isn't in the table`() async throws {
            let file = try temporaryPath("shop.sqlite")
            let book = try await OrderBook(at: file) { order, _ in
                if order.customer == "refused" { throw CancellationError() }
                return Int64(order.number)
            }
            try await book.take(NewOrder(customer: "a", total: 1))
            await #expect(throws: CancellationError.self) {
                try await book.take(NewOrder(customer: "refused", total: 1))
            }
            try await book.take(NewOrder(customer: "b", total: 1))
            #expect(try await book.tables().orders.map(\.customer) == ["a", "b"])
        }
    }

    @Suite(.timeLimit(.minutes(10))) struct SharedFileTests {
        @Test func `of two services on a file one delivers, and the other takes over when it stops`() async throws {
            let file = try temporaryPath("shop.sqlite")
            let (first, second) = (try await OrderService(at: file), try await OrderService(at: file))
            let (delivering, waiting) = (try await first.deliver(), try await second.deliver())
            for subscription in waiting.subscriptions { #expect(try await subscription.status.deliverer == .elsewhere) }

            // Both take orders, and no number is given twice.
            async let some: Void = first.takeGenerated(upTo: 100)
            async let others: Void = second.takeGenerated(upTo: 100)
            _ = try await (some, others)
            #expect(first.counts.orders + second.counts.orders == 100)
            try await delivering.caughtUp()
            #expect(second.counts.deliveries == 0)

            await delivering.stop(deadline: .seconds(60))
            try await second.takeGenerated(upTo: 120)
            try await waiting.caughtUp()
            #expect(second.counts.deliveries(to: "billing") == 20)
            for subscription in waiting.subscriptions { #expect(try await subscription.status.deliverer == .here) }
            let check = try await first.check()
            #expect(check.faults == [] && !check.isUnfinished)
            await waiting.stop(deadline: .seconds(60))
        }

        @Test func `two services wait until the other has delivered its subscriptions`() async throws {
            let file = try temporaryPath("shop.sqlite")
            let (first, second) = (try await OrderService(at: file), try await OrderService(at: file))
            let (billing, others) = (
                try await first.deliver(["billing"]), try await second.deliver(["shipping", "mail"])
            )
            let (standby, other) = (
                try await first.deliver(["shipping", "mail"]), try await second.deliver(["billing"])
            )
            try await first.takeGenerated(upTo: 50)
            async let billed: Void = billing.caughtUp()
            async let tookOver: Void = standby.caughtUp()
            async let shipped: Void = others.caughtUp()
            async let tookOverToo: Void = other.caughtUp()
            _ = try await (billed, tookOver, shipped, tookOverToo)
            for departments in [billing, standby, others, other] { await departments.stop(deadline: .seconds(60)) }
            let check = try await first.check()
            #expect(check.faults == [] && !check.isUnfinished)
        }

        @Test func `dead letters are delivered again, by whichever service runs`() async throws {
            let file = try temporaryPath("shop.sqlite")
            let running = try await OrderService(at: file, pause: .zero)
            let departments = try await running.deliver()
            try await running.takeGenerated(upTo: 200)
            try await departments.caughtUp()

            let other = try await OrderService.existing(at: file)
            let letters = try await other.deadLetters()
            #expect(letters.map(\.name) == ["mail", "mail"])
            #expect(letters.map(\.letter.sequence) == [100, 200])
            await #expect(throws: OrdersFailure("there is no dead letter of sequence 7")) {
                try await other.redeliver([100, 7])
            }
            #expect(try await other.redeliver([200]) == 1)
            try await departments.caughtUp()
            #expect(try await other.deadLetters().map(\.letter.sequence) == [100])
            #expect(try await other.redeliver([]) == 1)
            try await departments.caughtUp()
            let check = try await other.check()
            #expect(check.lines[3] == "mail: 200 mailed, 0 of them more than once" && check.faults == [])
            await departments.stop(deadline: .seconds(60))
        }

        @Test func `texts are stored as they are`() throws {
            let database = try Database(at: temporaryPath("shop.sqlite"))
            let texts = ["", "a\0b", "Zoë 🛒"]
            for text in texts { #expect(try database.run("SELECT ?", .text(text)) == [[.text(text)]]) }
        }

        @Test func `a file that isn't there isn't made by those who look`() async throws {
            let file = try temporaryPath("shop.sqlite")
            await #expect(throws: OrdersFailure("there is no file '\(file)'; a run with --orders makes one")) {
                try await OrderService.existing(at: file)
            }
            #expect(!FileManager.default.fileExists(atPath: file))
        }

        @Test func `a file of another program isn't changed by those who look`() async throws {
            let file = try temporaryPath("shop.sqlite")
            try Database(at: file).execute("CREATE TABLE notes (text TEXT)")
            await #expect(throws: OrdersFailure("'\(file)' has no table of orders")) {
                try await OrderService.existing(at: file)
            }
            let names = try Database(at: file).run("SELECT name FROM sqlite_master")
            #expect(names == [[.text("notes")]])
        }

        @Test func `a file that is no database is refused`() async throws {
            let file = try temporaryPath("shop.sqlite")
            try Data(repeating: 65, count: 4_096).write(to: URL(fileURLWithPath: file))
            let error = await #expect(throws: EventStoreError.self) { try await OrderService(at: file) }
            #expect(error?.code == .notADatabase)
        }
    }
#endif
