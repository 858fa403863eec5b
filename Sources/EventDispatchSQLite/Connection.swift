#if SQLite
    import CSQLite
    import EventDispatchStore
    import Foundation

    /// A connection to a SQLite file, used on one thread at a time.
    ///
    /// Every call's result is looked at; what isn't as it should be is thrown as an `EventStoreError` that names the file.
    final class Connection {
        let handle: OpaquePointer
        /// The file, for errors.
        let path: String
        private let isOwned: Bool
        private var statements: [StaticText: Statement] = [:]
        private var composed: [String: Statement] = [:]

        /// Opens a file, and makes it when there is none.
        init(opening path: String) throws(EventStoreError) {
            var handle: OpaquePointer?
            let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
            let code = sqlite3_open_v2(path, &handle, flags, nil)
            guard code == SQLITE_OK, let handle else {
                let error = EventStoreError(sqlite: code, of: handle, at: path, "can't be opened")
                sqlite3_close_v2(handle)
                throw error
            }
            self.handle = handle
            self.path = path
            isOwned = true
            // SQLite's own handler waits up to 100 ms between its tries. Beside a program that commits back to back it finds no gap.
            sqlite3_busy_handler(
                handle,
                { _, tries in
                    guard tries < Connection.mostTries else { return 0 }
                    usleep(Connection.pause)
                    return 1
                },
                nil
            )
        }

        /// Uses a connection of somebody else, for as long as it is open.
        init(borrowing handle: OpaquePointer) {
            self.handle = handle
            path = sqlite3_db_filename(handle, "main").map { String(cString: $0) } ?? ""
            isOwned = false
        }

        deinit {
            for statement in statements.values { statement.finalize() }
            for statement in composed.values { statement.finalize() }
            if isOwned { sqlite3_close_v2(handle) }
        }

        /// The pause between two tries to write while somebody else does, in microseconds.
        private static let pause: UInt32 = 200
        /// How often it is tried: for about five seconds.
        private static let mostTries = 20_000

        /// The prepared statement of a text in the source; prepared once.
        func statement(_ text: StaticString) throws(EventStoreError) -> Statement {
            let key = StaticText(start: text.utf8Start)
            if let statement = statements[key] { return statement }
            let statement = try Statement(text.description, on: self)
            statements[key] = statement
            return statement
        }

        /// The prepared statement of a text that was put together, one of few; prepared once.
        func statement(composed text: String) throws(EventStoreError) -> Statement {
            if let statement = composed[text] { return statement }
            let statement = try Statement(text, on: self)
            composed[text] = statement
            return statement
        }

        /// Carries out a statement that returns no rows.
        func run<each Value: SQLiteValue>(
            _ text: StaticString,
            _ values: repeat each Value
        ) throws(EventStoreError) {
            try statement(text).run(repeat each values)
        }

        /// The first column of the first row; nil when there is no row.
        func value<Found: SQLiteValue, each Value: SQLiteValue>(
            _ text: StaticString,
            _ values: repeat each Value
        ) throws(EventStoreError) -> Found? {
            var found: Found?
            try statement(text).each(repeat each values) { row in
                found = row[0]
                return false
            }
            return found
        }

        /// Repeats what is refused because another connection has the file, where SQLite doesn't wait by itself.
        func patiently<Result>(_ body: () throws(EventStoreError) -> Result) throws(EventStoreError) -> Result {
            var tries = 0
            while true {
                do throws(EventStoreError) {
                    return try body()
                } catch {
                    tries += 1
                    guard error.code == .locked, tries < Self.mostTries else { throw error }
                    usleep(Self.pause)
                }
            }
        }

        /// Carries out statements that aren't needed again.
        func execute(_ script: String) throws(EventStoreError) {
            let code = sqlite3_exec(handle, script, nil, nil, nil)
            guard code == SQLITE_OK else { throw error(code) }
        }

        /// Everything that a closure does, or nothing when it throws.
        func transaction<Result>(
            _ body: () throws(EventStoreError) -> Result
        ) throws(EventStoreError) -> Result {
            try run("BEGIN IMMEDIATE")
            do throws(EventStoreError) {
                let result = try body()
                try run("COMMIT")
                return result
            } catch {
                // Some faults have rolled it back already.
                if sqlite3_get_autocommit(handle) == 0 { try? run("ROLLBACK") }
                throw error
            }
        }

        /// Whether the file isn't where it was opened.
        var isFileGone: Bool {
            var moved: Int32 = 0
            return sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0
        }

        func error(_ code: Int32) -> EventStoreError {
            EventStoreError(sqlite: code, of: handle, at: path, nil)
        }
    }

    /// A prepared statement.
    final class Statement {
        private let handle: OpaquePointer
        private unowned let connection: Connection

        fileprivate init(_ text: String, on connection: Connection) throws(EventStoreError) {
            var handle: OpaquePointer?
            let code = sqlite3_prepare_v3(connection.handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
            guard code == SQLITE_OK, let handle else { throw connection.error(code) }
            self.handle = handle
            self.connection = connection
        }

        fileprivate func finalize() { sqlite3_finalize(handle) }

        func run<each Value: SQLiteValue>(_ values: repeat each Value) throws(EventStoreError) {
            try each(repeat each values) { _ in true }
        }

        /// Calls a closure with each row, until it returns false.
        func each<each Value: SQLiteValue>(
            _ values: repeat each Value,
            body: (Row) throws(EventStoreError) -> Bool
        ) throws(EventStoreError) {
            defer { reset() }
            var index: Int32 = 0
            for value in repeat each values {
                index += 1
                try bind(value, at: index)
            }
            try each(body)
        }

        /// Calls a closure with each row, until it returns false.
        func each(
            numbers: [Int64],
            body: (Row) throws(EventStoreError) -> Bool
        ) throws(EventStoreError) {
            defer { reset() }
            for (index, number) in numbers.enumerated() { try bind(number, at: Int32(index + 1)) }
            try each(body)
        }

        private func reset() {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }

        private func bind(_ value: some SQLiteValue, at index: Int32) throws(EventStoreError) {
            let code = value.bind(to: handle, at: index)
            guard code == SQLITE_OK else { throw connection.error(code) }
        }

        private func each(_ body: (Row) throws(EventStoreError) -> Bool) throws(EventStoreError) {
            while true {
                let code = sqlite3_step(handle)
                if code == SQLITE_DONE { return }
                guard code == SQLITE_ROW else { throw connection.error(code) }
                guard try body(Row(statement: handle)) else { return }
            }
        }
    }

    /// A text in the source by its address: its bytes needn't be hashed.
    private struct StaticText: Hashable {
        let start: UnsafePointer<UInt8>
    }

    /// The row that a statement stands at.
    struct Row {
        fileprivate let statement: OpaquePointer

        /// A column's value, converted by SQLite where it has another type.
        subscript<Value: SQLiteValue>(column: Int32) -> Value { Value(statement, column) }
    }

    /// A value that can be bound to a parameter and read from a column.
    protocol SQLiteValue {
        init(_ statement: OpaquePointer, _ column: Int32)

        func bind(to statement: OpaquePointer, at index: Int32) -> Int32
    }

    /// SQLite copies what is bound before the call returns.
    private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    extension Int64: SQLiteValue {
        init(_ statement: OpaquePointer, _ column: Int32) { self = sqlite3_column_int64(statement, column) }

        func bind(to statement: OpaquePointer, at index: Int32) -> Int32 { sqlite3_bind_int64(statement, index, self) }
    }

    extension Int: SQLiteValue {
        init(_ statement: OpaquePointer, _ column: Int32) {
            self = Int(truncatingIfNeeded: Int64(statement, column))
        }

        func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
            Int64(self).bind(to: statement, at: index)
        }
    }

    extension String: SQLiteValue {
        init(_ statement: OpaquePointer, _ column: Int32) {
            guard let bytes = sqlite3_column_text(statement, column) else {
                self = ""
                return
            }
            let count = Int(sqlite3_column_bytes(statement, column))
            self = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
        }

        func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
            var text = self
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { bytes in
                    // No pointer would mean NULL.
                    guard let start = bytes.baseAddress else {
                        return sqlite3_bind_text(statement, index, "", 0, copied)
                    }
                    return sqlite3_bind_text64(
                        statement,
                        index,
                        start,
                        UInt64(bytes.count),
                        copied,
                        UInt8(SQLITE_UTF8)
                    )
                }
            }
        }
    }

    extension [UInt8]: SQLiteValue {
        init(_ statement: OpaquePointer, _ column: Int32) {
            guard let bytes = sqlite3_column_blob(statement, column) else {
                self = []
                return
            }
            let count = Int(sqlite3_column_bytes(statement, column))
            self = Array(UnsafeRawBufferPointer(start: bytes, count: count))
        }

        func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
            withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress else { return sqlite3_bind_zeroblob(statement, index, 0) }
                return sqlite3_bind_blob64(statement, index, start, UInt64(bytes.count), copied)
            }
        }
    }

    extension Optional: SQLiteValue where Wrapped: SQLiteValue {
        init(_ statement: OpaquePointer, _ column: Int32) {
            self = sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : Wrapped(statement, column)
        }

        func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
            self?.bind(to: statement, at: index) ?? sqlite3_bind_null(statement, index)
        }
    }

    extension EventStoreError {
        /// `SQLITE_BUSY_SNAPSHOT`: the transaction has read what another has changed since, and can't write any more.
        private static var snapshotIsOld: Int32 { 517 }

        /// The error of a result code.
        init(sqlite code: Int32, of handle: OpaquePointer?, at path: String, _ what: String?) {
            let reason = handle.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
            let message = "'\(path)'\(what.map { " \($0)" } ?? ""): \(reason) (SQLite code \(code))"
            switch code & 0xFF {
            case SQLITE_FULL: self.init(.full, message, isTransient: true)
            case SQLITE_BUSY where code == Self.snapshotIsOld:
                self.init(.locked, message + "; begin the transaction with BEGIN IMMEDIATE")
            case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: self.init(.locked, message, isTransient: true)
            case SQLITE_NOMEM: self.init(.unavailable, message, isTransient: true)
            case SQLITE_IOERR: self.init(.inputOutput, message, isTransient: true)
            case SQLITE_READONLY, SQLITE_PERM: self.init(.readOnly, message)
            case SQLITE_CANTOPEN, SQLITE_AUTH: self.init(.unavailable, message)
            case SQLITE_NOTADB: self.init(.notADatabase, message)
            case SQLITE_CORRUPT: self.init(.corrupt, message)
            case SQLITE_TOOBIG: self.init(.tooLarge, message)
            case SQLITE_ERROR, SQLITE_MISMATCH, SQLITE_CONSTRAINT, SQLITE_SCHEMA: self.init(.corrupt, message)
            default: self.init(.unavailable, message)
            }
        }
    }
#endif
