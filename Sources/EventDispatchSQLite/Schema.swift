#if SQLite
    import CSQLite
    import EventDispatchStore

    /// The tables of a store, and how older ones become what they are now.
    ///
    /// They stand in a file that may be the program's own, so all names begin with `event_dispatch_`. They are `STRICT`: other programs can't
    /// write a text where a number belongs, which would be found under one key and deleted under another.
    enum Schema {
        /// The version that this package writes. One more for each step in `steps`.
        static var version: Int { steps.count }

        /// Each makes a version out of the one before. A step that was released is never changed.
        private static let steps = [
            """
            CREATE TABLE event_dispatch_store (
                only INTEGER PRIMARY KEY CHECK (only = 1),
                version INTEGER NOT NULL,
                -- Microseconds for which delivered events are kept; -1 for ever.
                retention INTEGER NOT NULL,
                -- Events up to here are gone for everybody, though the last of them still stand in the table.
                forgotten INTEGER NOT NULL
            ) STRICT;
            -- What many events have in common. A row never changes, and its number is never given again.
            CREATE TABLE event_dispatch_kinds (
                kind INTEGER PRIMARY KEY AUTOINCREMENT,
                name TEXT NOT NULL,
                version INTEGER NOT NULL,
                source TEXT NOT NULL,
                routing TEXT NOT NULL,
                UNIQUE (name, routing, version, source)
            ) STRICT;
            CREATE TABLE event_dispatch_events (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                id TEXT NOT NULL UNIQUE,
                kind INTEGER NOT NULL REFERENCES event_dispatch_kinds,
                -- Microseconds since the beginning of 1970.
                time INTEGER NOT NULL,
                trace TEXT,
                data BLOB NOT NULL
            ) STRICT;
            CREATE INDEX event_dispatch_events_by_kind ON event_dispatch_events (kind);
            CREATE TABLE event_dispatch_subscriptions (
                subscription INTEGER PRIMARY KEY AUTOINCREMENT,
                name TEXT NOT NULL UNIQUE,
                position INTEGER NOT NULL,
                -- The events that it takes, as JSON.
                interest TEXT
            ) STRICT;
            -- The events that have begun, and aren't done.
            CREATE TABLE event_dispatch_attempts (
                subscription INTEGER NOT NULL REFERENCES event_dispatch_subscriptions ON DELETE CASCADE,
                sequence INTEGER NOT NULL,
                attempts INTEGER NOT NULL,
                began INTEGER NOT NULL,
                retry_at INTEGER,
                errors TEXT NOT NULL,
                PRIMARY KEY (subscription, sequence)
            ) STRICT, WITHOUT ROWID;
            -- The events after the position that are done.
            CREATE TABLE event_dispatch_done (
                subscription INTEGER NOT NULL REFERENCES event_dispatch_subscriptions ON DELETE CASCADE,
                sequence INTEGER NOT NULL,
                PRIMARY KEY (subscription, sequence)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE event_dispatch_letters (
                letter INTEGER PRIMARY KEY,
                subscription INTEGER NOT NULL REFERENCES event_dispatch_subscriptions ON DELETE CASCADE,
                sequence INTEGER NOT NULL,
                -- Whether it is to be delivered again.
                returned INTEGER NOT NULL DEFAULT 0,
                reason TEXT NOT NULL,
                errors TEXT NOT NULL,
                attempts INTEGER NOT NULL,
                last_attempt INTEGER,
                buried INTEGER NOT NULL,
                id TEXT NOT NULL,
                name TEXT NOT NULL,
                version INTEGER NOT NULL,
                source TEXT NOT NULL,
                routing TEXT NOT NULL,
                time INTEGER NOT NULL,
                trace TEXT,
                data BLOB NOT NULL,
                UNIQUE (subscription, sequence)
            ) STRICT;
            CREATE INDEX event_dispatch_letters_returned ON event_dispatch_letters (subscription) WHERE returned;
            -- What other programs read and publish through: the events with the attributes of CloudEvents 1.0.
            CREATE VIEW event_dispatch_cloudevents AS
                SELECT sequence, id, source, '1.0' AS specversion, name AS type,
                    strftime('%Y-%m-%dT%H:%M:', time / 1000000, 'unixepoch')
                        || printf('%02d.%06dZ', time / 1000000 % 60, time % 1000000) AS time,
                    'application/json' AS datacontenttype, version AS schemaversion, routing, trace AS traceparent,
                    CAST(data AS TEXT) AS data
                FROM event_dispatch_events JOIN event_dispatch_kinds USING (kind);
            CREATE TRIGGER event_dispatch_cloudevents_insert INSTEAD OF INSERT ON event_dispatch_cloudevents BEGIN
                INSERT INTO event_dispatch_kinds (name, version, source, routing)
                    VALUES (NEW.type, COALESCE(NEW.schemaversion, 1), NEW.source, COALESCE(NEW.routing, '{}'))
                    ON CONFLICT DO NOTHING;
                INSERT INTO event_dispatch_events (id, kind, time, trace, data)
                    SELECT NEW.id, kind,
                        COALESCE(
                            CAST(strftime('%s', NEW.time) AS INTEGER) * 1000000
                                + CAST(ROUND(strftime('%f', NEW.time) * 1000) AS INTEGER) % 1000 * 1000,
                            CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER) * 1000),
                        NEW.traceparent, CAST(NEW.data AS BLOB)
                    FROM event_dispatch_kinds
                    WHERE name = NEW.type AND version = COALESCE(NEW.schemaversion, 1) AND source = NEW.source
                        AND routing = COALESCE(NEW.routing, '{}')
                        -- Not ON CONFLICT: that would use a sequence up.
                        AND NOT EXISTS (SELECT 1 FROM event_dispatch_events WHERE id = NEW.id);
            END;
            INSERT INTO event_dispatch_store VALUES (1, 0, 0, 0);
            """
        ]

        /// Makes a connection ready: settings, and the tables as this package knows them.
        static func prepare(_ connection: Connection) throws(EventStoreError) {
            // Of effect only where the file has no tables yet: the space of events that are gone can be given back.
            try connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            let mode: String? = try connection.patiently { () throws(EventStoreError) in
                try connection.value("PRAGMA journal_mode = WAL")
            }
            guard mode == "wal" else {
                let message = "'\(connection.path)' can't be written ahead of: its journal mode stays '\(mode ?? "")'"
                throw EventStoreError(.unavailable, message)
            }
            // Apple's disks keep what they were told to write in a cache of their own, unless they are told twice.
            try connection.execute(
                """
                PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 16777216;
                PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON
                """
            )
            guard try version(of: connection) != version else { return }
            try connection.transaction { () throws(EventStoreError) in
                // Another process may have been faster.
                let found = try Schema.version(of: connection)
                for step in steps[found...] { try connection.execute(step) }
                try connection.run("UPDATE event_dispatch_store SET version = ?", version)
            }
        }

        /// The version of the tables; 0 where there are none.
        static func version(of connection: Connection) throws(EventStoreError) -> Int {
            let tables: Int? = try connection.value(
                "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'event_dispatch_store'"
            )
            guard tables == 1 else { return 0 }
            let found: Int? = try connection.value("SELECT version FROM event_dispatch_store")
            guard let found, found >= 0 else {
                throw EventStoreError(.corrupt, "'\(connection.path)' has tables of no version")
            }
            guard found <= version else {
                let message =
                    "'\(connection.path)' has tables of version \(found); this program knows those up to \(version)"
                throw EventStoreError(.wrongVersion, message)
            }
            return found
        }
    }
#endif
