#if SQLite
    import CSQLite
    import EventDispatchStore
    import Foundation

    /// Writes and reads what durable subscriptions have done.
    enum SubscriptionTable {
        /// The number of a subscription; nil when there is none of the name.
        static func number(of name: String, _ connection: Connection) throws(EventStoreError) -> Int64? {
            try connection.value("SELECT subscription FROM event_dispatch_subscriptions WHERE name = ?", name)
        }

        /// The number of a subscription, which is made when it is new.
        static func open(
            _ name: String,
            from start: StartingPoint,
            _ connection: Connection
        ) throws(EventStoreError) -> Int64 {
            if let number = try number(of: name, connection) { return number }
            // Events that are gone for everybody don't come back for a new subscription.
            let position = max(try position(of: start, connection), try forgotten(connection))
            try connection.run(
                "INSERT INTO event_dispatch_subscriptions (name, position) VALUES (?, ?)",
                name,
                position
            )
            return sqlite3_last_insert_rowid(connection.handle)
        }

        private static func position(
            of start: StartingPoint,
            _ connection: Connection
        ) throws(EventStoreError) -> Int64 {
            switch start {
            case .now: return try EventTable.last(connection)
            case .beginning: return 0
            case .sequence(let sequence): return sequence > 0 ? sequence - 1 : 0
            case .time(let time):
                let first: Int64? = try connection.value(
                    """
                    SELECT sequence FROM event_dispatch_events
                    WHERE sequence > ? AND time >= ? ORDER BY sequence LIMIT 1
                    """,
                    try forgotten(connection),
                    time.microseconds
                )
                if let first { return first - 1 }
                return try EventTable.last(connection)
            }
        }

        /// The sequence up to which events are gone for everybody.
        static func forgotten(_ connection: Connection) throws(EventStoreError) -> Int64 {
            try connection.value("SELECT forgotten FROM event_dispatch_store") ?? 0
        }

        /// The names of all subscriptions, sorted.
        static func names(_ connection: Connection) throws(EventStoreError) -> [String] {
            var names: [String] = []
            let text: StaticString = "SELECT name FROM event_dispatch_subscriptions ORDER BY name"
            try connection.statement(text).each { row in
                names.append(row[0])
                return true
            }
            return names
        }

        /// What is known of a subscription.
        static func record(of name: String, _ connection: Connection) throws(EventStoreError) -> SubscriptionRecord? {
            guard let number = try number(of: name, connection) else { return nil }
            var record = SubscriptionRecord(position: 0)
            try connection.statement(
                "SELECT position, interest FROM event_dispatch_subscriptions WHERE subscription = ?"
            ).each(number) { row in
                record.position = row[0]
                let interest: String? = row[1]
                record.interest = interest.flatMap { jsonValue($0) }
                return true
            }
            try connection.statement(
                "SELECT sequence FROM event_dispatch_done WHERE subscription = ?"
            ).each(number) { row in
                record.done.insert(row[0])
                return true
            }
            try connection.statement(
                "SELECT sequence, attempts, began, retry_at, errors FROM event_dispatch_attempts WHERE subscription = ?"
            ).each(number) { row in
                let retryAt: Int64? = row[3]
                record.attempts[row[0]] = AttemptRecord(
                    count: row[1],
                    began: StoreTime(microseconds: row[2]),
                    retryAt: retryAt.map(StoreTime.init(microseconds:)),
                    errors: [String](storedText: row[4])
                )
                return true
            }
            try connection.statement(
                """
                SELECT sequence, id, time, trace, data, name, version, source, routing
                FROM event_dispatch_letters WHERE subscription = ? AND returned ORDER BY sequence
                """
            ).each(number) { row in
                record.returned.append(StoredEvent(row))
                return true
            }
            return record
        }

        /// Forgets a subscription, and all that is known of it.
        static func forget(_ name: String, _ connection: Connection) throws(EventStoreError) {
            try connection.run("DELETE FROM event_dispatch_subscriptions WHERE name = ?", name)
        }

        /// The dead letters of a subscription that aren't to be delivered again, in the order of their events.
        static func letters(
            of name: String,
            after sequence: Int64,
            limit: Int,
            _ connection: Connection
        ) throws(EventStoreError) -> [DeadLetter] {
            guard let number = try number(of: name, connection) else { return [] }
            var letters: [DeadLetter] = []
            let text: StaticString = """
                SELECT sequence, id, time, trace, data, name, version, source, routing, reason, errors, attempts,
                    last_attempt, buried
                FROM event_dispatch_letters
                WHERE subscription = ? AND sequence > ? AND NOT returned ORDER BY sequence LIMIT ?
                """
            try connection.statement(text).each(number, sequence, limit) { row in
                let lastAttempt: Int64? = row[12]
                let letter = DeadLetter(
                    event: StoredEvent(row),
                    reason: DeadLetter.Reason(row[9]),
                    errors: [String](storedText: row[10]),
                    attempts: row[11],
                    lastAttempt: lastAttempt.map(StoreTime.init(microseconds:)),
                    buried: StoreTime(microseconds: row[13])
                )
                letters.append(letter)
                return true
            }
            return letters
        }

        static func letterCount(of name: String, _ connection: Connection) throws(EventStoreError) -> Int {
            let text: StaticString = """
                SELECT count(*) FROM event_dispatch_letters JOIN event_dispatch_subscriptions USING (subscription)
                WHERE event_dispatch_subscriptions.name = ? AND NOT returned
                """
            return try connection.value(text, name) ?? 0
        }
    }

    // Changes, as `SubscriptionRecord.apply(_:)` says what they mean.

    extension SubscriptionTable {
        /// Saves changes in their order, inside of a transaction.
        static func save(
            _ changes: [SubscriptionChange],
            of name: String,
            _ connection: Connection
        ) throws(EventStoreError) {
            guard let number = try number(of: name, connection) else {
                throw EventStoreError(.noSubscription, "there is no subscription '\(name)'")
            }
            for change in changes { try save(change, number, connection) }
        }

        private static func save(
            _ change: SubscriptionChange,
            _ number: Int64,
            _ connection: Connection
        ) throws(EventStoreError) {
            switch change {
            case .attempted(let sequence, let attempts):
                try connection.run(
                    "INSERT OR REPLACE INTO event_dispatch_attempts VALUES (?, ?, ?, ?, ?, ?)",
                    number,
                    sequence,
                    attempts.count,
                    attempts.began.microseconds,
                    attempts.retryAt?.microsecondsUp,
                    attempts.errors.storedText
                )
            case .done(let end, let sequences):
                // In this order: what the position includes isn't put down as done beside it.
                try move(to: end, number, connection)
                for sequence in sequences { try finish(sequence, number, connection) }
            case .buried(let letter):
                try finish(letter.sequence, number, connection)
                try bury(letter, number, connection)
            case .returned(let sequence):
                try connection.run(
                    "UPDATE event_dispatch_letters SET returned = 1 WHERE subscription = ? AND sequence = ?",
                    number,
                    sequence
                )
                try deleteAttempts(sequence, number, connection)
            case .discarded(let sequence):
                try connection.run(
                    "DELETE FROM event_dispatch_letters WHERE subscription = ? AND sequence = ?",
                    number,
                    sequence
                )
            case .interested(let interest):
                try connection.run(
                    "UPDATE event_dispatch_subscriptions SET interest = ? WHERE subscription = ?",
                    jsonText(interest),
                    number
                )
            }
        }

        private static func deleteAttempts(
            _ sequence: Int64,
            _ number: Int64,
            _ connection: Connection
        ) throws(EventStoreError) {
            try connection.run(
                "DELETE FROM event_dispatch_attempts WHERE subscription = ? AND sequence = ?",
                number,
                sequence
            )
        }

        private static func finish(
            _ sequence: Int64,
            _ number: Int64,
            _ connection: Connection
        ) throws(EventStoreError) {
            try deleteAttempts(sequence, number, connection)
            try connection.run(
                "DELETE FROM event_dispatch_letters WHERE subscription = ? AND sequence = ? AND returned",
                number,
                sequence
            )
            try connection.run(
                """
                INSERT OR IGNORE INTO event_dispatch_done SELECT subscription, ?2 FROM event_dispatch_subscriptions
                WHERE subscription = ?1 AND position < ?2
                """,
                number,
                sequence
            )
        }

        private static func move(
            to end: Int64,
            _ number: Int64,
            _ connection: Connection
        ) throws(EventStoreError) {
            try connection.run(
                "UPDATE event_dispatch_subscriptions SET position = ?2 WHERE subscription = ?1 AND position < ?2",
                number,
                end
            )
            guard sqlite3_changes(connection.handle) > 0 else { return }
            try connection.run("DELETE FROM event_dispatch_done WHERE subscription = ? AND sequence <= ?", number, end)
            // A dead letter that has come back stands before the position, and is still tried.
            try connection.run(
                """
                DELETE FROM event_dispatch_attempts WHERE subscription = ?1 AND sequence <= ?2 AND sequence NOT IN
                    (SELECT sequence FROM event_dispatch_letters WHERE subscription = ?1 AND returned)
                """,
                number,
                end
            )
        }

        private static func bury(
            _ letter: DeadLetter,
            _ number: Int64,
            _ connection: Connection
        ) throws(EventStoreError) {
            let event = letter.event
            try connection.run(
                """
                INSERT OR REPLACE INTO event_dispatch_letters (subscription, sequence, id, time, trace, data, name,
                    version, source, routing, reason, errors, attempts, last_attempt, buried)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                number,
                event.sequence,
                event.id,
                event.time.microseconds,
                event.trace,
                [UInt8](event.data),
                event.name,
                event.schemaVersion,
                event.source,
                event.routing.storedText,
                letter.reason.description,
                letter.errors.storedText,
                letter.attempts,
                letter.lastAttempt?.microseconds,
                letter.buried.microseconds
            )
        }
    }
#endif
