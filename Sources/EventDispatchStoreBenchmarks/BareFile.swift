#if SQLite
    import CSQLite
    import EventDispatchSQLite

    /// The floor: the tables of a store, and nothing between a program and the C library.
    final class BareFile {
        private let handle: OpaquePointer
        private var kind: Int64 = 0
        private var statements: [String: OpaquePointer] = [:]

        /// Opens a file that a store has made.
        init(at path: String, flushesEachCommit: Bool) throws {
            var handle: OpaquePointer?
            guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil) == SQLITE_OK,
                let handle
            else { throw StoreBenchmarkFailure("the floor can't open '\(path)'") }
            self.handle = handle
            try run("PRAGMA foreign_keys = ON")
            try run("PRAGMA synchronous = \(flushesEachCommit ? "FULL" : "NORMAL")")
            try run(
                "INSERT OR IGNORE INTO event_dispatch_kinds (name, version, source, routing) VALUES ('bench', 1, 'bench', '{}')"
            )
            try step("SELECT kind FROM event_dispatch_kinds WHERE source = 'bench'") { _ in
            } row: {
                self.kind = sqlite3_column_int64($0, 0)
            }
        }

        deinit {
            for statement in statements.values { sqlite3_finalize(statement) }
            sqlite3_close_v2(handle)
        }

        private func run(_ text: String) throws {
            guard sqlite3_exec(handle, text, nil, nil, nil) == SQLITE_OK else { throw failure() }
        }

        private func failure() -> StoreBenchmarkFailure {
            StoreBenchmarkFailure("the floor fails: \(String(cString: sqlite3_errmsg(handle)))")
        }

        /// Steps a prepared statement to its end, and returns how many rows it had.
        @discardableResult
        private func step(
            _ text: String,
            _ bind: (OpaquePointer) -> Void = { _ in },
            row: (OpaquePointer) -> Void = { _ in }
        ) throws -> Int {
            if statements[text] == nil {
                var prepared: OpaquePointer?
                guard sqlite3_prepare_v2(handle, text, -1, &prepared, nil) == SQLITE_OK else { throw failure() }
                statements[text] = prepared
            }
            guard let statement = statements[text] else { throw failure() }
            defer { sqlite3_reset(statement) }
            bind(statement)
            var rows = 0
            while true {
                switch sqlite3_step(statement) {
                case SQLITE_ROW:
                    rows += 1
                    row(statement)
                case SQLITE_DONE: return rows
                default: throw failure()
                }
            }
        }

        /// Inserts events, so many in each transaction.
        func insert(_ count: Int, inBatchesOf batch: Int, from first: Int) throws {
            let data = BenchmarkOrder.example.storedBytes
            var next = first
            while next < first + count {
                try step("BEGIN IMMEDIATE")
                for number in next..<min(next + batch, first + count) {
                    let id = "00000000-0000-0000-0000-\(100_000_000_000 + number)"
                    try step(
                        "INSERT INTO event_dispatch_events (id, kind, time, trace, data) VALUES (?, ?, ?, NULL, ?)"
                    ) {
                        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
                        sqlite3_bind_text($0, 1, id, -1, copied)
                        sqlite3_bind_int64($0, 2, kind)
                        sqlite3_bind_int64($0, 3, Int64(number))
                        sqlite3_bind_blob($0, 4, data, Int32(data.count), copied)
                    }
                }
                try step("COMMIT")
                next += batch
            }
        }

        /// Reads events in batches, and commits an attempt and its end for each, as one subscription needs it at the least.
        func handle(_ count: Int, inBatchesOf batch: Int, as subscription: Int64) throws {
            try step("INSERT INTO event_dispatch_subscriptions (subscription, name, position) VALUES (?1, ?1, 0)") {
                sqlite3_bind_int64($0, 1, subscription)
            }
            var position: Int64 = 0
            for first in stride(from: 0, to: count, by: batch) {
                let text = """
                    SELECT sequence, id, time, trace, data, name, version, source, routing
                    FROM event_dispatch_events JOIN event_dispatch_kinds USING (kind)
                    WHERE sequence > ? ORDER BY sequence LIMIT ?
                    """
                let rows = try step(text) {
                    sqlite3_bind_int64($0, 1, Int64(first))
                    sqlite3_bind_int64($0, 2, Int64(batch))
                }
                for _ in 0..<rows {
                    position += 1
                    try step("BEGIN IMMEDIATE")
                    try step("UPDATE event_dispatch_subscriptions SET position = ? WHERE subscription = ?") {
                        sqlite3_bind_int64($0, 1, position - 1)
                        sqlite3_bind_int64($0, 2, subscription)
                    }
                    try step("DELETE FROM event_dispatch_attempts WHERE subscription = ?") {
                        sqlite3_bind_int64($0, 1, subscription)
                    }
                    try step("INSERT INTO event_dispatch_attempts VALUES (?, ?, 1, 0, NULL, '[]')") {
                        sqlite3_bind_int64($0, 1, subscription)
                        sqlite3_bind_int64($0, 2, position)
                    }
                    try step("COMMIT")
                }
            }
        }
    }
#endif
