#if SQLite
    import EventDispatchStore

    /// A connection that reads, beside the one that writes.
    actor Reader {
        private let thread: StoreThread
        private let connection: Connection
        private var kinds = KindIndex()
        private var lastDataVersion: Int64?
        private var lastSequence: Int64 = 0

        nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

        init(on thread: StoreThread, at path: String) async throws(EventStoreError) {
            self.thread = thread
            connection = try Connection(opening: path)
            try connection.execute("PRAGMA query_only = ON")
        }

        /// Runs a closure in which all reads see the same state.
        func perform<Result: Sendable>(
            _ body: @Sendable (Connection) throws(EventStoreError) -> Result
        ) throws(EventStoreError) -> Result {
            try snapshot { () throws(EventStoreError) in try body(connection) }
        }

        private func snapshot<Result>(_ body: () throws(EventStoreError) -> Result) throws(EventStoreError) -> Result {
            try connection.run("BEGIN")
            do throws(EventStoreError) {
                let result = try body()
                try connection.run("COMMIT")
                return result
            } catch {
                try? connection.run("ROLLBACK")
                throw error
            }
        }

        /// How many events are looked at for one batch where they can't be picked by the index.
        private static let mostLookedAt = 4_096
        /// A batch ends when its events have so many bytes.
        private static let mostBytes = 4 << 20

        /// Reads wanted events after a sequence.
        func read(
            after sequence: Int64,
            limit: Int,
            _ interest: EventInterest
        ) throws(EventStoreError) -> EventBatch {
            try snapshot { () throws(EventStoreError) in
                let last = max(sequence, try EventTable.last(connection))
                var batch = EventBatch(events: [], upTo: last, isEnd: true)
                switch try kinds.wanted(by: interest, connection) {
                case .few(let wanted):
                    guard !wanted.isEmpty else { break }
                    batch.events = try EventTable.events(of: wanted, after: sequence, limit: limit, connection)
                    let isCut = batch.events.cut(to: Self.mostBytes)
                    if batch.events.count >= limit || isCut, let end = batch.events.last?.sequence, end < last {
                        batch.upTo = end
                        batch.isEnd = false
                    }
                case .all, .many:
                    var (lookedAt, bytes) = (0, 0)
                    var end = sequence
                    try EventTable.each(after: sequence, limit: Self.mostLookedAt, connection) { event in
                        lookedAt += 1
                        end = event.sequence
                        if interest.includes(event) {
                            batch.events.append(event)
                            bytes += event.data.count
                        }
                        return batch.events.count < limit && bytes < Self.mostBytes
                    }
                    let isCut = batch.events.count >= limit || bytes >= Self.mostBytes || lookedAt == Self.mostLookedAt
                    if isCut, end < last {
                        batch.upTo = end
                        batch.isEnd = false
                    }
                }
                return batch
            }
        }

        /// How many wanted events stand after a sequence, and when the first of them was published.
        func backlog(
            after sequence: Int64,
            _ interest: EventInterest
        ) throws(EventStoreError) -> (count: Int, oldest: StoreTime?) {
            try snapshot { () throws(EventStoreError) in
                let first = max(sequence, try SubscriptionTable.forgotten(connection))
                var count = 0
                var oldest: StoreTime?
                switch try kinds.wanted(by: interest, connection) {
                case .all:
                    // Every sequence is an event's: sequences are given without gaps, and events go from the beginning only.
                    count = Int(max(0, try EventTable.last(connection) - first))
                    try EventTable.each(after: first, limit: 1, connection) { event in
                        oldest = event.time
                        return false
                    }
                case .few(let wanted):
                    guard !wanted.isEmpty else { break }
                    for kind in wanted {
                        let text: StaticString =
                            "SELECT count(*) FROM event_dispatch_events WHERE kind = ? AND sequence > ?"
                        count += try connection.value(text, kind, first) ?? 0
                    }
                    oldest = try EventTable.events(of: wanted, after: first, limit: 1, connection).first?.time
                case .many:
                    let wanted = try kinds.all(wantedBy: interest, connection)
                    let text: StaticString =
                        "SELECT kind, count(*) FROM event_dispatch_events WHERE sequence > ? GROUP BY kind"
                    try connection.statement(text).each(first) { row in
                        if wanted.contains(row[0]) { count += row[1] }
                        return true
                    }
                    guard count > 0 else { break }
                    try EventTable.each(after: first, limit: .max, connection) { event in
                        guard interest.includes(event) else { return true }
                        oldest = event.time
                        return false
                    }
                }
                return (count, oldest)
            }
        }

        /// What has changed since the last call, by whichever process.
        func changes() throws(EventStoreError) -> Set<StoreNotice> {
            let version: Int64? = try connection.value("PRAGMA data_version")
            guard version != lastDataVersion else { return [] }
            var notices: Set<StoreNotice> = []
            let (last, hasReturned) = try snapshot { () throws(EventStoreError) in
                let returned: Int? = try connection.value("SELECT 1 FROM event_dispatch_letters WHERE returned LIMIT 1")
                return (try EventTable.last(connection), returned != nil)
            }
            if last > lastSequence { notices.insert(.appended) }
            if hasReturned { notices.insert(.returned) }
            lastDataVersion = version
            lastSequence = last
            return notices
        }
    }

    extension [StoredEvent] {
        /// Leaves out those after a number of bytes, but for the first of them; whether there were any.
        fileprivate mutating func cut(to most: Int) -> Bool {
            var bytes = 0
            for (index, event) in enumerated() {
                bytes += event.data.count
                guard bytes >= most, index + 1 < count else { continue }
                removeSubrange((index + 1)...)
                return true
            }
            return false
        }
    }

    /// Knows which kinds an interest wants, so that the index can pick events.
    private struct KindIndex {
        /// The kinds that an interest wants.
        enum Wanted {
            /// Every one that there is.
            case all
            /// These.
            case few([Int64])
            /// Some of those that there are, and more than are worth merging.
            case many
        }

        private struct Plan {
            /// The last kind that has been looked at.
            var last: Int64 = 0
            var wanted: [Int64] = []
            var hasMore = false
            var hasOthers = false
        }

        /// More than so many kinds are read by looking at all events: merging costs more with each.
        private static let mostMerged = 8
        private static let mostPlans = 1_000

        private var plans: [EventInterest: Plan] = [:]

        mutating func wanted(
            by interest: EventInterest,
            _ connection: Connection
        ) throws(EventStoreError) -> Wanted {
            if plans.count > Self.mostPlans { plans = [:] }
            var plan = plans[interest] ?? Plan()
            try Self.eachKind(after: plan.last, connection) { kind, name, routing in
                plan.last = kind
                if !interest.includes(name: name, routing: routing) {
                    plan.hasOthers = true
                } else if plan.wanted.count < Self.mostMerged {
                    plan.wanted.append(kind)
                } else {
                    plan.hasMore = true
                }
            }
            plans[interest] = plan
            if !plan.hasOthers { return plan.wanted.isEmpty ? .few([]) : .all }
            return plan.hasMore ? .many : .few(plan.wanted)
        }

        func all(wantedBy interest: EventInterest, _ connection: Connection) throws(EventStoreError) -> Set<Int64> {
            var wanted: Set<Int64> = []
            try Self.eachKind(after: 0, connection) { kind, name, routing in
                if interest.includes(name: name, routing: routing) { wanted.insert(kind) }
            }
            return wanted
        }

        private static func eachKind(
            after last: Int64,
            _ connection: Connection,
            _ body: (Int64, String, [String: String]) -> Void
        ) throws(EventStoreError) {
            let text: StaticString = "SELECT kind, name, routing FROM event_dispatch_kinds WHERE kind > ? ORDER BY kind"
            try connection.statement(text).each(last) { row in
                body(row[0], row[1], [String: String](storedText: row[2]))
                return true
            }
        }
    }
#endif
