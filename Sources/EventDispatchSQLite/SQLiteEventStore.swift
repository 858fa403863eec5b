#if SQLite
    import CSQLite
    import EventDispatch
    import EventDispatchStore
    import Foundation

    /// A store of events in a SQLite file: what is published outlives the process.
    ///
    /// ```swift
    /// let store = try await SQLiteEventStore(at: "shop.sqlite")
    /// ```
    ///
    /// `publish` returns when the event is on the disk. Several processes may publish and subscribe on one file; each subscription is
    /// delivered by one of them at a time, and another takes over when that one ends. The file may be the program's own:
    /// ``publish(_:id:trace:in:)`` stores an event in the transaction that writes the program's data.
    ///
    /// All calls of SQLite are made on threads of the store's own, which end with it.
    public final class SQLiteEventStore: EventStore {
        /// What tells the time.
        public let clock: StoreClock
        /// Who publishes.
        public let source: String
        /// The file.
        public let path: String
        private let writer: Writer
        /// Reads for deliveries.
        private let reader: Reader
        /// Reads for people and programs that look at the store; it may take longer.
        private let inspector: Reader
        private let locks: SubscriptionLocks
        /// A subscription is held by the number of its locked byte.
        private let claims = StoreClaims<Int64>()
        private let watch = Locked<Task<Void, Never>?>(nil)
        private let isExpecting = Locked(false)

        /// Opens a file, and makes it when there is none.
        ///
        /// The file is in write-ahead mode from then on. Beside it stand SQLite's own `-wal` and `-shm`, and `-subscriptions`, whose bytes
        /// are the locks of the subscriptions.
        ///
        /// - Parameters:
        ///   - path: the file.
        ///   - retention: how long events are kept, whoever opens the file from now on; as the file says by default, and in a new one
        ///     until they are delivered.
        ///   - source: who publishes, as a URI, for the `source` of events; the file's name by default.
        ///   - clock: tells the time.
        /// - Throws: `EventStoreError`: with the code `.unavailable` when the file can't be opened or made, `.notADatabase` when it is
        ///   something else, `.wrongVersion` when a later version of this package has written it, `.readOnly`, `.locked`, `.corrupt`.
        public init(
            at path: String,
            retention: Retention? = nil,
            source: String? = nil,
            clock: StoreClock = .system
        ) async throws(EventStoreError) {
            // Locks stand beside the file itself, whatever name it's opened by.
            let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
                throw EventStoreError(.unavailable, "'\(path)' can't be opened: there is no folder '\(folder)'")
            }
            self.path = path
            self.source = source ?? URL(fileURLWithPath: path).lastPathComponent
            self.clock = clock
            writer = try await Writer(on: StoreThread("SQLite.writer"), at: path)
            reader = try await Reader(on: StoreThread("SQLite.reader"), at: path)
            inspector = try await Reader(on: StoreThread("SQLite.inspector"), at: path)
            if let retention {
                try await writer.perform(durably: true) { connection throws(EventStoreError) in
                    try Forgetting.setRetention(retention, connection)
                }
            }
            locks = try SubscriptionLocks(at: path + "-subscriptions")
            let watching = Task.detached { [weak self] in
                var rounds = 0
                while await SystemSleeps.continuous.sleep(until: .now.advanced(by: Self.pause)) {
                    rounds += 1
                    guard let self else { return }
                    await self.look(round: rounds)
                }
            }
            watch.withLock { $0 = watching }
        }

        deinit { watch.withLock { $0 }?.cancel() }
    }

    // What other processes do, and what has to be done from time to time.

    extension SQLiteEventStore {
        /// How often the store looks at what other processes have done.
        private static let pause = Duration.milliseconds(50)

        /// Looks for a commit that is about to be made on another connection: at once, and a few times more.
        func expectCommit() {
            let isFirst = isExpecting.withLock { isExpecting in
                defer { isExpecting = true }
                return !isExpecting
            }
            guard isFirst else { return }
            Task.detached { [weak self] in
                for milliseconds in [1, 2, 4, 8, 16] {
                    _ = await SystemSleeps.continuous.sleep(until: .now.advanced(by: .milliseconds(milliseconds)))
                    await self?.lookForChanges()
                }
                self?.isExpecting.withLock { $0 = false }
            }
        }

        private func look(round: Int) async {
            await lookForChanges()
            if round % 5 == 0 { notify(.released, onlyWaiting: true) }
            if round % 20 == 0 { try? await forgetEvents() }
        }

        private func lookForChanges() async {
            if let notices = try? await reader.changes() {
                for notice in notices { notify(notice) }
            }
        }

        private func notify(_ notice: StoreNotice, onlyWaiting: Bool = false) {
            claims.notify(notice) { ($0 == nil) == onlyWaiting }
        }

        /// Carries out statements on the connection that writes; for tests of faults.
        package func execute(_ script: String) async throws(EventStoreError) {
            try await writer.execute(script)
        }

        /// Forgets events that every subscription is done with and whose time is over.
        package func forgetEvents() async throws(EventStoreError) {
            while !Task.isCancelled {
                let now = clock.now
                let isDue = try await inspector.perform { connection throws(EventStoreError) in
                    try Forgetting.isDue(now, connection)
                }
                guard isDue else { return }
                try await writer.perform { connection throws(EventStoreError) in
                    try Forgetting.step(now, connection)
                }
            }
        }
    }

    extension SQLiteEventStore {
        /// Stores events in their order, all or none, and returns when they are on the disk.
        public func append(_ events: [StoredEvent]) async throws(EventStoreError) -> [Int64] {
            let sequences = try await writer.perform(durably: true) { connection throws(EventStoreError) in
                try EventTable.append(events, connection)
            }
            notify(.appended)
            return sequences
        }

        /// Claims a subscription, and makes it when it is new.
        public func open(
            _ name: String,
            as claim: ClaimID,
            from start: StartingPoint,
            notify: @escaping @Sendable (StoreNotice) -> Void
        ) async throws(EventStoreError) -> SubscriptionRecord? {
            try claims.begin(name, as: claim, notify: notify)
            do throws(EventStoreError) {
                return try await take(name, claim, from: start)
            } catch {
                await close(name, as: claim)
                throw error
            }
        }

        private func take(
            _ name: String,
            _ claim: ClaimID,
            from start: StartingPoint
        ) async throws(EventStoreError) -> SubscriptionRecord? {
            while true {
                let number = try await writer.perform(durably: true) { connection throws(EventStoreError) in
                    try SubscriptionTable.open(name, from: start, connection)
                }
                guard try locks.take(number) else { return nil }
                // Read after the lock was taken: until then another process may have written, or removed the subscription.
                let record = try await inspector.perform { connection throws(EventStoreError) in
                    try SubscriptionTable.number(of: name, connection) == number
                        ? SubscriptionTable.record(of: name, connection) : nil
                }
                if record != nil, claims.hold(name, as: claim, by: number) { return record }
                locks.release(number)
                // It was closed meanwhile.
                if record != nil { return nil }
            }
        }

        /// Gives a claim up, or the wait for one.
        public func close(_ name: String, as claim: ClaimID) async {
            if let number = claims.end(name, as: claim) { locks.release(number) }
        }

        /// Reads wanted events after a sequence.
        public func read(
            after sequence: Int64,
            limit: Int,
            _ interest: EventInterest
        ) async throws(EventStoreError) -> EventBatch {
            try await reader.read(after: sequence, limit: limit, interest)
        }

        /// The events of some sequences, as far as they are stored.
        public func events(at sequences: [Int64]) async throws(EventStoreError) -> [StoredEvent] {
            try await reader.perform { connection throws(EventStoreError) in
                var events: [StoredEvent] = []
                for sequence in sequences {
                    if let event = try EventTable.event(at: sequence, connection) { events.append(event) }
                }
                return events
            }
        }

        /// How many wanted events stand after a sequence, and when the first of them was published.
        public func backlog(
            after sequence: Int64,
            _ interest: EventInterest
        ) async throws(EventStoreError) -> (count: Int, oldest: StoreTime?) {
            try await inspector.backlog(after: sequence, interest)
        }

        /// Saves what has become of events of a subscription.
        ///
        /// It outlives the process. When the machine loses power, the last changes can be undone, and their events are delivered again.
        public func save(_ changes: [SubscriptionChange], of name: String) async throws(EventStoreError) {
            try await writer.perform { connection throws(EventStoreError) in
                try SubscriptionTable.save(changes, of: name, connection)
            }
            guard changes.contains(where: { if case .returned = $0 { true } else { false } }) else { return }
            claims.notify(.returned, of: name)
        }

        /// The names of all subscriptions, sorted.
        public func subscriptions() async throws(EventStoreError) -> [String] {
            try await inspector.perform(SubscriptionTable.names)
        }

        /// Who delivers a subscription now.
        public func deliverer(of name: String) async throws(EventStoreError) -> Deliverer {
            if claims.hold(of: name) != nil { return .here }
            let number = try await inspector.perform { connection throws(EventStoreError) in
                try SubscriptionTable.number(of: name, connection)
            }
            return number.map(locks.isTaken) == true ? .elsewhere : .nobody
        }

        /// What is known of a subscription.
        public func record(of name: String) async throws(EventStoreError) -> SubscriptionRecord? {
            try await inspector.perform { connection throws(EventStoreError) in
                try SubscriptionTable.record(of: name, connection)
            }
        }

        /// The dead letters of a subscription, in the order of their events.
        public func deadLetters(
            of name: String,
            after sequence: Int64,
            limit: Int
        ) async throws(EventStoreError) -> [DeadLetter] {
            try await inspector.perform { connection throws(EventStoreError) in
                try SubscriptionTable.letters(of: name, after: sequence, limit: max(0, limit), connection)
            }
        }

        /// How many dead letters a subscription has.
        public func deadLetterCount(of name: String) async throws(EventStoreError) -> Int {
            try await inspector.perform { connection throws(EventStoreError) in
                try SubscriptionTable.letterCount(of: name, connection)
            }
        }

        /// Forgets a subscription.
        public func forget(_ name: String) async throws(EventStoreError) {
            try await writer.perform(durably: true) { connection throws(EventStoreError) in
                try SubscriptionTable.forget(name, connection)
            }
        }
    }
#endif
