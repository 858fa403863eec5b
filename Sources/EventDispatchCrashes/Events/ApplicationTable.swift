#if SQLite
    import CSQLite
    import Foundation

    /// The program's own table in the file of the store, on a connection of its own.
    final class ApplicationTable {
        let connection: OpaquePointer

        /// Opens the file of a store that exists.
        init(at path: String) throws(CrashError) {
            var handle: OpaquePointer?
            guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK, let handle else {
                throw CrashError("'\(path)' can't be opened by the application")
            }
            connection = handle
            sqlite3_busy_timeout(handle, 5_000)
            try run("CREATE TABLE IF NOT EXISTS parcels (id TEXT PRIMARY KEY)")
        }

        deinit { sqlite3_close_v2(connection) }

        func run(_ statement: String) throws(CrashError) {
            guard sqlite3_exec(connection, statement, nil, nil, nil) == SQLITE_OK else {
                throw CrashError("\(statement): \(String(cString: sqlite3_errmsg(connection)))")
            }
        }

        /// The first column of each row.
        func texts(_ query: String) throws(CrashError) -> [String] {
            var statement: OpaquePointer?
            guard sqlite3_prepare_v2(connection, query, -1, &statement, nil) == SQLITE_OK else {
                throw CrashError("\(query): \(String(cString: sqlite3_errmsg(connection)))")
            }
            defer { sqlite3_finalize(statement) }
            var texts: [String] = []
            while true {
                switch sqlite3_step(statement) {
                case SQLITE_ROW: texts.append(sqlite3_column_text(statement, 0).map { String(cString: $0) } ?? "")
                case SQLITE_DONE: return texts
                default: throw CrashError("\(query): \(String(cString: sqlite3_errmsg(connection)))")
                }
            }
        }

        func number(_ query: String) throws(CrashError) -> Int { try texts(query).first.flatMap { Int($0) } ?? 0 }
    }

    /// A promise that is broken, or a call that failed and mustn't.
    struct CrashError: Error, CustomStringConvertible {
        let description: String
        /// The event that it is about.
        var id: String?

        init(_ description: String, id: String? = nil) {
            self.description = description
            self.id = id
        }
    }
#endif
