#if SQLite
    import EventDispatch
    import EventDispatchSQLite
    import EventDispatchStore
    import Foundation
    import Synchronization

    /// The order service: the tables, the store of events in the same file, and what is done with orders.
    public struct OrderService: Sendable {
        /// The store that orders are delivered from.
        public let store: any EventStore
        /// The store in the file of the tables, where the events of orders are published.
        private let outbox: SQLiteEventStore
        /// The tables.
        public let book: OrderBook
        /// How many orders were taken and deliveries ended well in this run.
        public let counts = RunCounts()
        private let mailRetry: RetryPolicy

        /// The names of the subscriptions.
        public static let subscriptions = ["billing", "shipping", "mail"]

        /// Opens a file, and makes it when there is none. Nothing is delivered yet.
        ///
        /// - Parameters:
        ///   - file: the file.
        ///   - broker: where events are forwarded to, and delivered from; nil for the file itself.
        ///   - pause: the pause before a refused mail is tried again.
        /// - Throws: ``OrdersFailure`` or `EventStoreError`.
        public init(
            at file: String,
            through broker: (any EventStore)? = nil,
            pause: Duration = .milliseconds(200)
        ) async throws {
            // Subscriptions open one after the other. Without a time the first may be done with an order before the next one is there.
            let outbox = try await SQLiteEventStore(at: file, retention: .for(.seconds(24 * 3_600)))
            self.outbox = outbox
            store = broker ?? outbox
            book = try await OrderBook(at: file) { order, connection in
                // The row and the event are in one transaction.
                try outbox.publish(order, id: "order-\(order.number)", in: connection)
            }
            mailRetry = .exponential(from: pause, attempts: 3)
        }

        /// Opens a file that is there already, for those who only look.
        ///
        /// - Throws: ``OrdersFailure`` or `EventStoreError`.
        public static func existing(
            at file: String,
            through broker: (any EventStore)? = nil
        ) async throws -> OrderService {
            guard FileManager.default.fileExists(atPath: file) else {
                throw OrdersFailure("there is no file '\(file)'; a run with --orders makes one")
            }
            let tables = try Database(at: file).run("SELECT 1 FROM sqlite_master WHERE name = 'orders'")
            guard !tables.isEmpty else { throw OrdersFailure("'\(file)' has no table of orders") }
            return try await OrderService(at: file, through: broker)
        }

        /// Opens subscriptions, and begins to deliver.
        ///
        /// - Parameters:
        ///   - names: the subscriptions' names; all by default.
        ///   - observers: watch the deliveries.
        /// - Throws: `EventStoreError` when one of them can't be opened; then none delivers.
        public func deliver(
            _ names: [String] = subscriptions,
            observers: [any DispatchObserver] = []
        ) async throws -> Departments {
            var opened: [DurableSubscription] = []
            do {
                for name in names { opened.append(try await subscribe(name, observers)) }
                let forwarding = isForwarding ? try await outbox.forward(to: store) : nil
                return Departments(subscriptions: opened, forwarding: forwarding)
            } catch {
                for subscription in opened { await subscription.stop() }
                throw error
            }
        }

        /// Whether orders are delivered from another store than the one that they are published in.
        private var isForwarding: Bool { !(store is SQLiteEventStore) }

        private func subscribe(
            _ name: String,
            _ observers: [any DispatchObserver]
        ) async throws -> DurableSubscription {
            switch name {
            case "billing": try await billing(observers)
            case "shipping": try await shipping(observers)
            case "mail": try await mail(observers)
            default: throw OrdersFailure("there is no subscription '\(name)'")
            }
        }
    }

    // What is done with orders, in any store.

    extension OrderService {
        /// The attempts count where the process is killed in them, so there are many.
        private static let retry = RetryPolicy.exponential(from: .milliseconds(100), upTo: .seconds(5), attempts: 100)

        private func billing(_ observers: [any DispatchObserver]) async throws -> DurableSubscription {
            let (book, counts) = (book, counts)
            return try await store.subscribe(
                "billing",
                from: .beginning,
                order: .inOrder(per: \OrderPlaced.customer),
                retry: Self.retry,
                observers: observers
            ) {
                On(OrderPlaced.self) {
                    Handle("write the invoice") { order in
                        try await book.bill(order, Self.delivery())
                        counts.noteDelivery(to: "billing")
                    }
                }
            }
        }

        private func shipping(_ observers: [any DispatchObserver]) async throws -> DurableSubscription {
            let (book, counts) = (book, counts)
            return try await store.subscribe(
                "shipping",
                from: .beginning,
                order: .concurrent(8),
                retry: Self.retry,
                observers: observers
            ) {
                On(OrderPlaced.self) {
                    Handle("send the parcel") { order in
                        try await book.ship(order, Self.delivery())
                        counts.noteDelivery(to: "shipping")
                    }
                }
            }
        }

        private func mail(_ observers: [any DispatchObserver]) async throws -> DurableSubscription {
            let (book, counts) = (book, counts)
            return try await store.subscribe(
                "mail",
                from: .beginning,
                order: .concurrent(8),
                retry: mailRetry,
                observers: observers
            ) {
                On(OrderPlaced.self) {
                    Handle("send the mail") { order in
                        try await book.mail(order, Self.delivery())
                        counts.noteDelivery(to: "mail")
                    }
                }
            }
        }

        private static func delivery() throws -> Delivery {
            guard let delivery = Delivery.current else { throw OrdersFailure("a handler runs outside of a delivery") }
            return delivery
        }
    }

    // Taking orders.

    extension OrderService {
        /// Takes generated orders until so many are in the table, whoever took the others.
        ///
        /// - Parameter last: the number of the last order.
        /// - Throws: ``OrdersFailure``, `EventStoreError`, or `CancellationError`.
        public func takeGenerated(upTo last: Int) async throws {
            while try await book.takeGenerated(upTo: last) != nil {
                counts.noteOrder()
                try Task.checkCancellation()
            }
        }

        /// Takes orders, a line each, until there are no more.
        ///
        /// - Parameters:
        ///   - nextLine: returns the next line; nil at the end.
        ///   - refuse: is told of a line that is no order, with its number.
        /// - Throws: ``OrdersFailure``, `EventStoreError`, or `CancellationError`.
        public func takeLines(
            _ nextLine: () async -> String?,
            refuse: (_ line: Int, OrdersFailure) -> Void
        ) async throws {
            var number = 0
            while let line = await nextLine() {
                number += 1
                try Task.checkCancellation()
                if line.allSatisfy(\.isWhitespace) { continue }
                let order: NewOrder
                do throws(OrdersFailure) {
                    order = try NewOrder(line: line)
                } catch {
                    refuse(number, error)
                    continue
                }
                if try await book.take(order) != nil { counts.noteOrder() }
            }
        }
    }

    // Looking at the store, and at the tables.

    extension OrderService {
        /// How far each subscription is; nil where it was never opened.
        ///
        /// - Throws: `EventStoreError`.
        public func status() async throws -> [(name: String, status: DurableSubscription.Status?)] {
            let known = try await store.subscriptions()
            var all: [(name: String, status: DurableSubscription.Status?)] = []
            for name in Self.subscriptions {
                all.append((name, known.contains(name) ? try await store.status(of: name) : nil))
            }
            return all
        }

        /// The dead letters, with the names of their subscriptions.
        ///
        /// - Throws: `EventStoreError`.
        public func deadLetters() async throws -> [(name: String, letter: DeadLetter)] {
            var all: [(name: String, letter: DeadLetter)] = []
            for name in Self.subscriptions {
                for letter in try await store.deadLetters(of: name) { all.append((name, letter)) }
            }
            return all
        }

        /// Delivers dead letters again: at once where a process delivers the subscription, otherwise in the next run.
        ///
        /// - Parameter sequences: the letters' sequences; none for all letters.
        /// - Returns: how many there are.
        /// - Throws: ``OrdersFailure`` when there is no dead letter of a sequence; then nothing is redelivered. `EventStoreError`.
        public func redeliver(_ sequences: [Int64]) async throws -> Int {
            var letters = try await deadLetters()
            if !sequences.isEmpty {
                let known = Set(letters.map(\.letter.sequence))
                if let unknown = sequences.first(where: { !known.contains($0) }) {
                    throw OrdersFailure("there is no dead letter of sequence \(unknown)")
                }
                letters.removeAll { !sequences.contains($0.letter.sequence) }
            }
            for (name, letter) in letters { try await store.redeliver(letter.sequence, of: name) }
            return letters.count
        }

        /// Proves from the tables that every order was handled, or is still to be.
        ///
        /// - Throws: ``OrdersFailure`` or `EventStoreError`.
        public func check() async throws -> OrderCheck {
            var settled: [String: Settled] = [:]
            for name in Self.subscriptions {
                // Before and after: one that is given up or delivered again meanwhile is in either.
                var dead = try await store.deadLetters(of: name)
                guard let record = try await store.record(of: name) else { continue }
                dead += try await store.deadLetters(of: name)
                var state = Settled(position: record.position, done: record.done)
                if isForwarding {
                    // The other store has numbers of its own. It's done with all of them, or isn't said to be with any.
                    let status = try await store.status(of: name)
                    let isDone = status.waiting + status.inFlight + status.retrying.count == 0
                    state = Settled(position: isDone ? .max : 0)
                }
                state.returned = try await sequences(of: record.returned)
                state.dead = try await sequences(of: dead.map(\.event))
                settled[name] = state
            }
            // Last: what was done when the store was asked stands in the tables now.
            return OrderCheck(try await book.tables(), settled)
        }

        /// The places of orders' events in the file.
        private func sequences(of events: [StoredEvent]) async throws -> Set<Int64> {
            guard isForwarding else { return Set(events.map(\.sequence)) }
            let numbers = try Set(events.compactMap { try $0.decoded(as: OrderPlaced.self)?.number })
            return Set(try await book.tables().orders.filter { numbers.contains($0.number) }.map(\.sequence))
        }
    }

    /// The subscriptions of a running service.
    public struct Departments: Sendable {
        /// The subscriptions: billing, shipping, mail.
        public let subscriptions: [DurableSubscription]
        /// What forwards the events of orders to the store that they are delivered from; nil where that's the same.
        public let forwarding: EventForwarding?

        /// Waits until every stored order is delivered, by this process or by another.
        ///
        /// - Throws: `EventStoreError` when a subscription has ended, or `CancellationError`.
        public func caughtUp() async throws {
            try await forwarding?.caughtUp()
            for subscription in subscriptions { try await subscription.caughtUp() }
        }

        /// Lets running deliveries end, and gives all others back.
        ///
        /// - Parameter deadline: how long to wait for running deliveries.
        /// - Returns: what each subscription gave back.
        @discardableResult
        public func stop(deadline: Duration) async -> [(name: String, report: DurableStopReport)] {
            await forwarding?.stop(deadline: deadline)
            return await withTaskGroup { group in
                for (place, subscription) in subscriptions.enumerated() {
                    group.addTask { (place, subscription.name, await subscription.stop(deadline: deadline)) }
                }
                let reports = await group.reduce(into: []) { $0.append($1) }
                return reports.sorted { $0.0 < $1.0 }.map { ($0.1, $0.2) }
            }
        }
    }

    /// Counts what happens in a run.
    public final class RunCounts: Sendable {
        private let counts = Mutex((orders: 0, deliveries: [String: Int]()))

        /// How many orders were taken.
        public var orders: Int { counts.withLock { $0.orders } }

        /// How many deliveries of all subscriptions ended well.
        public var deliveries: Int { counts.withLock { $0.deliveries.values.reduce(0, +) } }

        /// How many deliveries of a subscription ended well.
        public func deliveries(to name: String) -> Int { counts.withLock { $0.deliveries[name, default: 0] } }

        func noteOrder() { counts.withLock { $0.orders += 1 } }

        func noteDelivery(to name: String) { counts.withLock { $0.deliveries[name, default: 0] += 1 } }
    }
#endif
