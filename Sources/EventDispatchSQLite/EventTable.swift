#if SQLite
    import CSQLite
    import EventDispatchStore
    import Foundation

    /// Writes and reads events.
    enum EventTable {

        /// Stores events in their order, inside of a transaction. An event whose ID is stored already isn't stored again.
        static func append(
            _ events: [StoredEvent],
            _ connection: Connection
        ) throws(EventStoreError) -> [Int64] {
            var sequences: [Int64] = []
            for event in events { sequences.append(try append(event, connection)) }
            return sequences
        }

        private static func append(_ event: StoredEvent, _ connection: Connection) throws(EventStoreError) -> Int64 {
            // Asked first: an insertion that meets a conflict uses a sequence up.
            let known: Int64? = try connection.value(
                "SELECT sequence FROM main.event_dispatch_events WHERE id = ?",
                event.id
            )
            if let known { return known }
            try connection.run(
                "INSERT INTO main.event_dispatch_events (id, kind, time, trace, data) VALUES (?, ?, ?, ?, ?)",
                event.id,
                try kind(of: event, connection),
                event.time.microseconds,
                event.trace,
                [UInt8](event.data)
            )
            return sqlite3_last_insert_rowid(connection.handle)
        }

        private static func kind(of event: StoredEvent, _ connection: Connection) throws(EventStoreError) -> Int64 {
            let routing = event.routing.storedText
            let known: Int64? = try connection.value(
                "SELECT kind FROM main.event_dispatch_kinds WHERE name = ? AND routing = ? AND version = ? AND source = ?",
                event.name,
                routing,
                event.schemaVersion,
                event.source
            )
            if let known { return known }
            try connection.run(
                "INSERT INTO main.event_dispatch_kinds (name, routing, version, source) VALUES (?, ?, ?, ?)",
                event.name,
                routing,
                event.schemaVersion,
                event.source
            )
            return sqlite3_last_insert_rowid(connection.handle)
        }

        /// The sequence of the last event that was stored, whether or not it is still there.
        static func last(_ connection: Connection) throws(EventStoreError) -> Int64 {
            try connection.value("SELECT seq FROM sqlite_sequence WHERE name = 'event_dispatch_events'") ?? 0
        }

        /// The event of a sequence; nil where there is none.
        static func event(at sequence: Int64, _ connection: Connection) throws(EventStoreError) -> StoredEvent? {
            var found: StoredEvent?
            let statement = try connection.statement(
                """
                SELECT sequence, id, time, trace, data, name, version, source, routing
                FROM main.event_dispatch_events JOIN main.event_dispatch_kinds USING (kind) WHERE sequence = ?
                """
            )
            try statement.each(sequence) { row in
                found = StoredEvent(row)
                return false
            }
            return found
        }

        /// Events after a sequence, in their order, as long as a closure returns true.
        ///
        /// - Parameter limit: how many there may be.
        static func each(
            after sequence: Int64,
            limit: Int,
            _ connection: Connection,
            _ body: (StoredEvent) -> Bool
        ) throws(EventStoreError) {
            let statement = try connection.statement(
                """
                SELECT sequence, id, time, trace, data, name, version, source, routing
                FROM main.event_dispatch_events JOIN main.event_dispatch_kinds USING (kind)
                WHERE sequence > ? ORDER BY sequence LIMIT ?
                """
            )
            try statement.each(sequence, limit) { body(StoredEvent($0)) }
        }

        /// Events of some kinds after a sequence, in their order. The index has each kind in order, and SQLite merges them.
        static func events(
            of kinds: [Int64],
            after sequence: Int64,
            limit: Int,
            _ connection: Connection
        ) throws(EventStoreError) -> [StoredEvent] {
            let parts = kinds.indices.map { index in
                """
                SELECT sequence, id, time, trace, data, name, version, source, routing
                FROM main.event_dispatch_events JOIN main.event_dispatch_kinds USING (kind)
                WHERE kind = ?\(index + 3) AND sequence > ?1
                """
            }
            let text = parts.joined(separator: " UNION ALL ") + " ORDER BY sequence LIMIT ?2"
            var events: [StoredEvent] = []
            try connection.statement(composed: text).each(numbers: [sequence, Int64(limit)] + kinds) { row in
                events.append(StoredEvent(row))
                return true
            }
            return events
        }
    }

    extension StoredEvent {
        /// Reads `sequence, id, time, trace, data, name, version, source, routing`.
        init(_ row: Row) {
            self.init(
                id: row[1],
                name: row[5],
                schemaVersion: row[6],
                source: row[7],
                time: StoreTime(microseconds: row[2]),
                routing: [String: String](storedText: row[8]),
                trace: row[3],
                data: Data(row[4] as [UInt8])
            )
            sequence = row[0]
        }
    }

    extension [String: String] {
        /// JSON with sorted keys: equal values have equal texts.
        var storedText: String { isEmpty ? "{}" : jsonText(self) }

        /// Reads what another program may have written. What isn't JSON has no values: the event is delivered, and not picked by them.
        init(storedText: String) { self = storedText == "{}" ? [:] : jsonValue(storedText) ?? [:] }
    }

    extension [String] {
        /// JSON.
        var storedText: String { isEmpty ? "[]" : jsonText(self) }

        init(storedText: String) { self = storedText == "[]" ? [] : jsonValue(storedText) ?? [storedText] }
    }
#endif
