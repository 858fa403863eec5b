#if SQLite
    import Dispatch
    import EventDispatchStore

    /// The tables: orders, and what was done with them.
    ///
    /// All of it happens on a thread of its own: calls of SQLite wait for the disk, and mustn't do so on a thread of the concurrency pool.
    public actor OrderBook {
        /// Publishes the event of an order in the transaction of a connection, and returns its place in the store.
        public typealias Publish = @Sendable (OrderPlaced, _ connection: OpaquePointer) throws -> Int64

        private let thread = DatabaseThread()
        private let database: Database
        private let publish: Publish
        private var jobs: [Job] = []

        /// The thread of the tables.
        public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

        /// Opens the tables in a file, and makes them where there are none.
        ///
        /// - Parameters:
        ///   - path: the file.
        ///   - publish: publishes the event of an order that is taken.
        /// - Throws: ``OrdersFailure``.
        public init(at path: String, publish: @escaping Publish) async throws {
            self.publish = publish
            database = try Database(at: path)
            try database.execute(Self.schema)
        }

        private static let schema = """
            CREATE TABLE IF NOT EXISTS orders (
                number INTEGER PRIMARY KEY,
                customer TEXT NOT NULL,
                total INTEGER NOT NULL,
                reference TEXT UNIQUE,
                -- The place of its event in the store.
                sequence INTEGER NOT NULL
            );
            CREATE TABLE IF NOT EXISTS invoices (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                order_number INTEGER NOT NULL,
                customer TEXT NOT NULL,
                total INTEGER NOT NULL,
                delivery TEXT NOT NULL,
                attempt INTEGER NOT NULL
            );
            CREATE TABLE IF NOT EXISTS parcels (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                order_number INTEGER NOT NULL,
                customer TEXT NOT NULL,
                delivery TEXT NOT NULL,
                attempt INTEGER NOT NULL
            );
            CREATE TABLE IF NOT EXISTS mails (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                order_number INTEGER NOT NULL,
                customer TEXT NOT NULL,
                delivery TEXT NOT NULL,
                attempt INTEGER NOT NULL,
                -- Why the server refused it; NULL when it was sent.
                error TEXT
            );
            CREATE INDEX IF NOT EXISTS mails_by_order ON mails (order_number);
            """
    }

    // Transactions. What has gathered while one was committed is committed together: each waits for the disk.

    extension OrderBook {
        private struct Job {
            /// Does the work, and returns what is to be done when it is committed.
            let run: (Database) throws -> () -> Void
            let fail: (any Error) -> Void

            func ended(_ database: Database) -> () -> Void {
                do { return try run(database) } catch { return { fail(error) } }
            }
        }

        /// Everything that a closure does, or nothing when it throws. Returns when it is committed.
        @discardableResult
        private func commit<Result: Sendable>(
            _ body: @escaping @Sendable (Database) throws -> Result
        ) async throws -> Result {
            try await withCheckedThrowingContinuation { continuation in
                let job = Job { database in
                    let result = try database.savepoint { try body(database) }
                    return { continuation.resume(returning: result) }
                } fail: { error in
                    continuation.resume(throwing: error)
                }
                if jobs.isEmpty { Task { self.commitJobs() } }
                jobs.append(job)
            }
        }

        private func commitJobs() {
            let jobs = jobs
            self.jobs = []
            do {
                let ends = try database.transaction { jobs.map { job in job.ended(database) } }
                for end in ends { end() }
            } catch {
                for job in jobs { job.fail(error) }
            }
        }
    }

    // Taking orders.

    extension OrderBook {
        /// Takes an order: the row and the event are committed together, or neither is.
        ///
        /// - Returns: the order's number; nil when one of its reference is in the table already.
        /// - Throws: ``OrdersFailure``, or what publishing throws.
        @discardableResult
        public func take(_ order: NewOrder) async throws -> Int? {
            try await commit { [publish] database in
                if let reference = order.reference {
                    let known = try database.run("SELECT 1 FROM orders WHERE reference = ?", .text(reference))
                    guard known.isEmpty else { return nil }
                }
                let number = try Self.lastNumber(database) + 1
                try Self.insert(order, number, database, publish)
                return number
            }
        }

        /// Takes the next generated order.
        ///
        /// - Parameter last: the last number to take.
        /// - Returns: the order's number; nil when the table has the last.
        /// - Throws: ``OrdersFailure``, or what publishing throws.
        public func takeGenerated(upTo last: Int) async throws -> Int? {
            try await commit { [publish] database in
                let number = try Self.lastNumber(database) + 1
                guard number <= last else { return nil }
                try Self.insert(.generated(number), number, database, publish)
                return number
            }
        }

        /// The number of the last order. No other process takes one before this transaction ends.
        private static func lastNumber(_ database: Database) throws(OrdersFailure) -> Int {
            try database.run("SELECT max(number) FROM orders")[0][0].int
        }

        private static func insert(
            _ order: NewOrder,
            _ number: Int,
            _ database: Database,
            _ publish: Publish
        ) throws {
            let event = OrderPlaced(number: number, customer: order.customer, total: order.total)
            let sequence = try publish(event, database.handle)
            try database.run(
                "INSERT INTO orders (number, customer, total, reference, sequence) VALUES (?, ?, ?, ?, ?)",
                Database.Value(number),
                Database.Value(order.customer),
                Database.Value(order.total),
                Database.Value(order.reference),
                .integer(sequence)
            )
        }
    }

    // What subscriptions do.

    extension OrderBook {
        /// Writes an invoice.
        ///
        /// - Throws: ``OrdersFailure``.
        public func bill(_ order: OrderPlaced, _ delivery: Delivery) async throws {
            try await commit { database in
                try database.run(
                    "INSERT INTO invoices (order_number, customer, total, delivery, attempt) VALUES (?, ?, ?, ?, ?)",
                    Database.Value(order.number),
                    Database.Value(order.customer),
                    Database.Value(order.total),
                    Database.Value(delivery.id),
                    Database.Value(delivery.attempt)
                )
            }
        }

        /// Sends a parcel.
        ///
        /// - Throws: ``OrdersFailure``.
        public func ship(_ order: OrderPlaced, _ delivery: Delivery) async throws {
            try await commit { database in
                try database.run(
                    "INSERT INTO parcels (order_number, customer, delivery, attempt) VALUES (?, ?, ?, ?)",
                    Database.Value(order.number),
                    Database.Value(order.customer),
                    Database.Value(delivery.id),
                    Database.Value(delivery.attempt)
                )
            }
        }

        /// Tries to send a mail, and writes down how that went.
        ///
        /// - Throws: ``OrdersFailure``, or ``MailRefused``.
        public func mail(_ order: OrderPlaced, _ delivery: Delivery) async throws {
            let refusal = try await commit { database in
                let refused = "SELECT count(*) FROM mails WHERE order_number = ? AND error IS NOT NULL"
                let earlier = try database.run(refused, Database.Value(order.number))[0][0].int
                let refusal = MailServer.refusal(of: order.number, earlier: earlier)
                try database.run(
                    "INSERT INTO mails (order_number, customer, delivery, attempt, error) VALUES (?, ?, ?, ?, ?)",
                    Database.Value(order.number),
                    Database.Value(order.customer),
                    Database.Value(delivery.id),
                    Database.Value(delivery.attempt),
                    Database.Value(refusal?.description)
                )
                return refusal
            }
            if let refusal { throw refusal }
        }
    }

    // Reading the tables.

    extension OrderBook {
        /// How many orders there are.
        ///
        /// - Throws: ``OrdersFailure``.
        public func orderCount() throws -> Int { try database.run("SELECT count(*) FROM orders")[0][0].int }

        /// All tables as they are at one moment.
        ///
        /// - Throws: ``OrdersFailure``.
        public func tables() throws -> OrderTables {
            try database.run("BEGIN")
            let tables = Result { () throws(OrdersFailure) in
                OrderTables(
                    orders: try database.run("SELECT number, customer, sequence FROM orders ORDER BY number").map {
                        .init(number: $0[0].int, customer: $0[1].string, sequence: Int64($0[2].int))
                    },
                    invoices: try entries("invoices"),
                    parcels: try entries("parcels"),
                    mails: try entries("mails", "WHERE error IS NULL")
                )
            }
            try database.run("COMMIT")
            return try tables.get()
        }

        private func entries(_ table: String, _ condition: String = "") throws(OrdersFailure) -> [OrderTables.Entry] {
            try database.run("SELECT order_number, customer FROM \(table) \(condition) ORDER BY id").map {
                .init(number: $0[0].int, customer: $0[1].string)
            }
        }
    }

    /// Runs the tables' calls one after the other, on a thread that may wait.
    private final class DatabaseThread: SerialExecutor {
        private let queue = DispatchQueue(label: "orders.tables")

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
        }

        func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
    }
#endif
