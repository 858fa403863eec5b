import CSQLite

/// A connection that writes rows past the store.
final class FuzzedFile {
    private let handle: OpaquePointer

    init(at path: String) {
        var handle: OpaquePointer?
        require(sqlite3_open(path, &handle) == SQLITE_OK, "can't open the file")
        guard let handle else { fatalError("no connection") }
        self.handle = handle
        sqlite3_busy_timeout(handle, 60_000)
    }

    deinit { sqlite3_close_v2(handle) }

    /// Takes out what was there, and writes rows. Those that the tables refuse are left out.
    func fill(_ rows: StoredRows) {
        run("BEGIN IMMEDIATE")
        run("DELETE FROM event_dispatch_events")
        run("DELETE FROM event_dispatch_kinds")
        run("DELETE FROM event_dispatch_subscriptions")
        run("INSERT INTO event_dispatch_subscriptions (subscription, name, position) VALUES (1, 'billing', 0)")
        for row in rows.rows { write(row) }
        run("COMMIT")
    }

    private func run(_ text: String) {
        require(
            sqlite3_exec(handle, text, nil, nil, nil) == SQLITE_OK,
            "'\(text)': \(String(cString: sqlite3_errmsg(handle)))"
        )
    }

    private func write(_ row: StoredRows.Row) {
        let columns = StoredRows.tables[row.table, default: ""]
        let marks = row.values.indices.map { "?\($0 + 1)" }
        let text =
            switch row.table {
            case "kinds", "events":
                "INSERT OR IGNORE INTO event_dispatch_\(row.table) (\(columns)) VALUES (\(marks.joined(separator: ", ")))"
            case "subscription":
                "UPDATE OR IGNORE event_dispatch_subscriptions SET position = COALESCE(?1, 0), interest = ?2"
            default:
                """
                INSERT OR IGNORE INTO event_dispatch_\(row.table) (subscription, \(columns))
                VALUES (1, \(marks.joined(separator: ", ")))
                """
            }
        var statement: OpaquePointer?
        require(sqlite3_prepare_v2(handle, text, -1, &statement, nil) == SQLITE_OK, text)
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        for (index, value) in row.values.enumerated() {
            let index = Int32(index + 1)
            switch value {
            case .null: sqlite3_bind_null(statement, index)
            case .integer(let number): sqlite3_bind_int64(statement, index, number)
            case .real(let number): sqlite3_bind_double(statement, index, number)
            case .text(let bytes):
                bytes.withUnsafeBytes { bytes in
                    let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
                    _ = sqlite3_bind_text(statement, index, start, Int32(bytes.count), copied)
                }
            case .blob(let bytes): sqlite3_bind_blob(statement, index, bytes, Int32(bytes.count), copied)
            }
        }
        // A constraint may refuse it.
        sqlite3_step(statement)
        sqlite3_finalize(statement)
    }
}
