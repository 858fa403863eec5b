#if SQLite
    import CSQLite
    import EventDispatchStore

    /// Takes out the events that every subscription is done with.
    ///
    /// An event is *forgotten* first: it stays in the table, and no new subscription gets it. It's deleted when 10,000 later ones have
    /// come, so that it isn't stored again when somebody publishes it again. Space is given back to the system when more than half of the
    /// file is free.
    enum Forgetting {
        /// How many of the last events stay in the table, for their IDs.
        static let keptForIDs: Int64 = 10_000
        /// How many events are forgotten and deleted at a time: others want to write too.
        private static let batch: Int64 = 1_000
        /// A file with less free space than this, in pages, isn't made smaller.
        private static let leastFree = 1_024

        /// How long events are kept, as the file says.
        private static func retention(_ connection: Connection) throws(EventStoreError) -> Retention {
            let stored: Int64 = try connection.value("SELECT retention FROM event_dispatch_store") ?? 0
            switch stored {
            case 0: return .whenDelivered
            case ..<0: return .forever
            default: return .for(.microseconds(stored))
            }
        }

        /// Writes down how long events are kept, for all who open the file.
        static func setRetention(_ retention: Retention, _ connection: Connection) throws(EventStoreError) {
            let stored: Int64
            switch retention {
            case .whenDelivered: stored = 0
            case .for(let duration): stored = max(0, StoreTime(sinceEpoch: duration).microsecondsUp)
            case .forever: stored = -1
            }
            try connection.run("UPDATE event_dispatch_store SET retention = ?", stored)
        }

        /// Whether there is anything to do.
        static func isDue(
            _ now: StoreTime,
            _ connection: Connection
        ) throws(EventStoreError) -> Bool {
            let forgotten = try SubscriptionTable.forgotten(connection)
            if try end(now, connection) > forgotten { return true }
            if let first = try first(connection), first <= min(forgotten, try EventTable.last(connection) - keptForIDs)
            {
                return true
            }
            return try hasFreeSpace(connection)
        }

        /// Does a part of it, inside of a transaction.
        static func step(
            _ now: StoreTime,
            _ connection: Connection
        ) throws(EventStoreError) {
            let forgotten = try end(now, connection)
            try connection.run("UPDATE event_dispatch_store SET forgotten = ?1 WHERE forgotten < ?1", forgotten)
            if let first = try first(connection) {
                let all = min(
                    try SubscriptionTable.forgotten(connection),
                    try EventTable.last(connection) - keptForIDs
                )
                if first <= all { try delete(upTo: min(all, first + batch - 1), connection) }
            }
            if try hasFreeSpace(connection) { try connection.execute("PRAGMA incremental_vacuum(\(batch))") }
        }

        private static func first(_ connection: Connection) throws(EventStoreError) -> Int64? {
            // `min` of an empty table is NULL.
            let first: Int64?? = try connection.value("SELECT min(sequence) FROM event_dispatch_events")
            return first ?? nil
        }

        /// Up to where events may be forgotten now.
        private static func end(
            _ now: StoreTime,
            _ connection: Connection
        ) throws(EventStoreError) -> Int64 {
            let forgotten = try SubscriptionTable.forgotten(connection)
            let least: Int64?? = try connection.value("SELECT min(position) FROM event_dispatch_subscriptions")
            // A subscription may begin with an event that isn't stored yet.
            let position = min((least ?? nil) ?? forgotten, try EventTable.last(connection))
            guard position > forgotten else { return forgotten }
            switch try retention(connection) {
            case .forever:
                return forgotten
            case .whenDelivered:
                return position
            case .for(let duration):
                let end = min(position, forgotten + batch)
                let kept: Int64?? = try connection.value(
                    "SELECT min(sequence) FROM event_dispatch_events WHERE sequence > ? AND sequence <= ? AND time > ?",
                    forgotten,
                    end,
                    StoreTime(sinceEpoch: now.sinceEpoch - duration).microseconds
                )
                return (kept ?? nil).map { $0 - 1 } ?? end
            }
        }

        private static func delete(upTo end: Int64, _ connection: Connection) throws(EventStoreError) {
            var kinds: [Int64] = []
            let text: StaticString = "SELECT DISTINCT kind FROM event_dispatch_events WHERE sequence <= ?"
            try connection.statement(text).each(end) { row in
                kinds.append(row[0])
                return true
            }
            try connection.run("DELETE FROM event_dispatch_events WHERE sequence <= ?", end)
            for kind in kinds {
                try connection.run(
                    """
                    DELETE FROM event_dispatch_kinds WHERE kind = ?1
                        AND NOT EXISTS (SELECT 1 FROM event_dispatch_events WHERE kind = ?1)
                    """,
                    kind
                )
            }
        }

        private static func hasFreeSpace(_ connection: Connection) throws(EventStoreError) -> Bool {
            let free: Int = try connection.value("PRAGMA freelist_count") ?? 0
            let all: Int = try connection.value("PRAGMA page_count") ?? 0
            guard free > leastFree, free > all / 2 else { return false }
            // A file that was made by another program may not be able to.
            let mode: Int = try connection.value("PRAGMA auto_vacuum") ?? 0
            return mode == 2
        }
    }
#endif
