#if SQLite
    import CSQLite
    import EventDispatchStore
    import Foundation

    extension SQLiteEventStore {
        /// Stores an event in the caller's own transaction: it's published if and only if that commits.
        ///
        /// ```swift
        /// try connection.execute("INSERT INTO orders …")
        /// try store.publish(OrderPlaced(id: 7, region: "eu"), in: connection.sqliteHandle)
        /// ```
        ///
        /// Call it on the thread that uses the connection. Subscriptions notice the commit by themselves, mostly within a few milliseconds.
        /// Whether it survives a loss of power is a matter of the connection's own `PRAGMA synchronous`.
        ///
        /// - Parameters:
        ///   - event: the event.
        ///   - id: the event's own ID; a new one by default.
        ///   - trace: the trace that it belongs to, as a `traceparent` of W3C; that of the delivery that the calling task runs in by
        ///     default.
        ///   - connection: an open connection of SQLite (`sqlite3 *`) to the store's file, in a transaction. GRDB and SQLite.swift expose
        ///     theirs.
        /// - Returns: the event's place in the store, if the transaction commits.
        /// - Throws: `EventStoreError`, with the code `.noTransaction` or `.otherFile` where the connection isn't what it has to be.
        ///   Nothing is stored then, and the transaction is as it was, unless SQLite had to roll it back, as it may when the disk is full.
        @discardableResult
        public func publish(
            _ event: some StorableEvent,
            id: String? = nil,
            trace: String? = nil,
            in connection: OpaquePointer
        ) throws(EventStoreError) -> Int64 {
            let stored = try stored(event, id: id, trace: trace)
            let connection = Connection(borrowing: connection)
            guard try Self.isSameFile(connection.path, path) else {
                throw EventStoreError(
                    .otherFile,
                    "the connection is open on '\(connection.path)', the store on '\(path)'"
                )
            }
            guard sqlite3_get_autocommit(connection.handle) == 0 else {
                let message = "the connection to '\(path)' isn't in a transaction: begin one, or publish without 'in:'"
                throw EventStoreError(.noTransaction, message)
            }
            // The caller may want to know what its own last row was.
            let lastRow = sqlite3_last_insert_rowid(connection.handle)
            defer { sqlite3_set_last_insert_rowid(connection.handle, lastRow) }
            try connection.run("SAVEPOINT event_dispatch_publish")
            do throws(EventStoreError) {
                let sequence = try EventTable.append([stored], connection)[0]
                try connection.run("RELEASE event_dispatch_publish")
                expectCommit()
                return sequence
            } catch {
                try? connection.execute("ROLLBACK TO event_dispatch_publish; RELEASE event_dispatch_publish")
                throw error
            }
        }

        private static func isSameFile(_ path: String, _ own: String) throws(EventStoreError) -> Bool {
            var (first, second) = (stat(), stat())
            guard stat(own, &second) == 0 else {
                throw EventStoreError(.fileGone, "'\(own)' has been removed or replaced")
            }
            guard stat(path, &first) == 0 else { return false }
            return first.st_ino == second.st_ino && first.st_dev == second.st_dev
        }
    }
#endif
