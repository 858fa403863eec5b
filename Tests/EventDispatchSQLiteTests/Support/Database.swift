#if SQLite
    import CSQLite

    /// A connection as an application has one, to the same file as a store.
    final class Database {
        /// What the C library says of a statement that fails.
        struct Failure: Error, CustomStringConvertible {
            let description: String
        }

        let handle: OpaquePointer

        init(at path: String) throws {
            var handle: OpaquePointer?
            let code = sqlite3_open(path, &handle)
            guard code == SQLITE_OK, let handle else { throw Failure(description: "can't open '\(path)'") }
            self.handle = handle
            sqlite3_busy_timeout(handle, 60_000)
        }

        deinit { sqlite3_close_v2(handle) }

        /// Carries out statements, and returns the first column of the rows as text.
        @discardableResult
        func run(_ script: String) throws -> [String] {
            var rows: [String] = []
            var message: UnsafeMutablePointer<CChar>?
            let code = withUnsafeMutablePointer(to: &rows) { rows in
                sqlite3_exec(
                    handle,
                    script,
                    { rows, count, columns, _ in
                        let text = count > 0 ? columns?[0].map { String(cString: $0) } : nil
                        rows?.assumingMemoryBound(to: [String].self).pointee.append(text ?? "NULL")
                        return 0
                    },
                    rows,
                    &message
                )
            }
            defer { sqlite3_free(message) }
            guard code == SQLITE_OK else {
                throw Failure(description: message.map { String(cString: $0) } ?? "code \(code)")
            }
            return rows
        }
    }
#endif
