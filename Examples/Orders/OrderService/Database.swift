#if SQLite
    import CSQLite

    /// The program's own connection to its file, used on one thread at a time.
    ///
    /// Any wrapper will do that gives access to the connection's `sqlite3 *`: GRDB's, SQLite.swift's, or a few lines such as these.
    public final class Database {
        /// The connection, as SQLite knows it.
        public let handle: OpaquePointer
        private var statements: [String: OpaquePointer] = [:]

        /// Opens a file, and makes it when there is none.
        ///
        /// - Throws: ``OrdersFailure``.
        public init(at path: String) throws(OrdersFailure) {
            var handle: OpaquePointer?
            let code = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil)
            guard code == SQLITE_OK, let handle else {
                sqlite3_close_v2(handle)
                throw OrdersFailure("'\(path)' can't be opened: \(String(cString: sqlite3_errstr(code)))")
            }
            self.handle = handle
            // Others write too: the store, and further processes.
            sqlite3_busy_timeout(handle, 30_000)
            try execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        }

        deinit {
            for statement in statements.values { sqlite3_finalize(statement) }
            sqlite3_close_v2(handle)
        }

        /// Carries out statements that aren't needed again.
        ///
        /// - Throws: ``OrdersFailure``.
        public func execute(_ script: String) throws(OrdersFailure) {
            try check(sqlite3_exec(handle, script, nil, nil, nil))
        }

        /// Carries out a statement, and returns its rows.
        ///
        /// - Parameters:
        ///   - text: the statement; prepared once.
        ///   - values: the values of its parameters.
        /// - Throws: ``OrdersFailure``.
        @discardableResult
        public func run(_ text: String, _ values: Value...) throws(OrdersFailure) -> [[Value]] {
            let statement = try statement(text)
            defer {
                sqlite3_reset(statement)
                sqlite3_clear_bindings(statement)
            }
            for (index, value) in values.enumerated() { try check(value.bind(to: statement, at: Int32(index + 1))) }
            var rows: [[Value]] = []
            while true {
                let code = sqlite3_step(statement)
                if code == SQLITE_DONE { return rows }
                guard code == SQLITE_ROW else { throw failure() }
                rows.append((0..<sqlite3_column_count(statement)).map { Value(statement, $0) })
            }
        }

        /// Everything that a closure does, or nothing when it throws. Nobody else writes meanwhile.
        ///
        /// - Throws: ``OrdersFailure``, or what the closure throws.
        public func transaction<Result>(_ body: () throws -> Result) throws -> Result {
            try run("BEGIN IMMEDIATE")
            do {
                let result = try body()
                try run("COMMIT")
                return result
            } catch {
                // Some faults have rolled it back already.
                if sqlite3_get_autocommit(handle) == 0 { try run("ROLLBACK") }
                throw error
            }
        }

        /// Everything that a closure does inside of a transaction, or nothing when it throws. The transaction goes on in either case.
        ///
        /// - Throws: ``OrdersFailure``, or what the closure throws.
        public func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
            try run("SAVEPOINT part")
            do {
                let result = try body()
                try run("RELEASE part")
                return result
            } catch {
                // Some faults have ended the whole transaction.
                if sqlite3_get_autocommit(handle) == 0 { try execute("ROLLBACK TO part; RELEASE part") }
                throw error
            }
        }

        private func statement(_ text: String) throws(OrdersFailure) -> OpaquePointer {
            if let statement = statements[text] { return statement }
            var statement: OpaquePointer?
            try check(sqlite3_prepare_v3(handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil))
            guard let statement else { throw OrdersFailure("there is no statement in '\(text)'") }
            statements[text] = statement
            return statement
        }

        private func check(_ code: Int32) throws(OrdersFailure) {
            if code != SQLITE_OK { throw failure() }
        }

        private func failure() -> OrdersFailure {
            let path = sqlite3_db_filename(handle, "main").map { String(cString: $0) } ?? ""
            return OrdersFailure("'\(path)': \(String(cString: sqlite3_errmsg(handle)))")
        }
    }

    extension Database {
        /// A value of a column or of a parameter.
        public enum Value: Equatable, Sendable {
            /// A whole number.
            case integer(Int64)
            /// A text.
            case text(String)
            /// None.
            case null

            /// A number or none.
            public init(_ number: Int?) { self = number.map { .integer(Int64($0)) } ?? .null }

            /// A text or none.
            public init(_ text: String?) { self = text.map { .text($0) } ?? .null }

            /// The number; 0 where there is none.
            public var int: Int { if case .integer(let number) = self { Int(number) } else { 0 } }

            /// The text; empty where there is none.
            public var string: String { if case .text(let text) = self { text } else { "" } }

            fileprivate init(_ statement: OpaquePointer, _ column: Int32) {
                switch sqlite3_column_type(statement, column) {
                case SQLITE_INTEGER: self = .integer(sqlite3_column_int64(statement, column))
                case SQLITE_NULL: self = .null
                default:
                    let bytes = UnsafeBufferPointer(
                        start: sqlite3_column_text(statement, column),
                        count: Int(sqlite3_column_bytes(statement, column))
                    )
                    self = .text(String(decoding: bytes, as: UTF8.self))
                }
            }

            fileprivate func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
                switch self {
                case .integer(let number): sqlite3_bind_int64(statement, index, number)
                case .text(let text): sqlite3_bind_text(statement, index, text, Int32(text.utf8.count), copied)
                case .null: sqlite3_bind_null(statement, index)
                }
            }
        }
    }

    /// SQLite copies what is bound before the call returns.
    private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
#endif
