#if SQLite
    import EventDispatchStore

    /// The one connection of a store that writes. It commits what has gathered as one transaction.
    ///
    /// While a transaction goes on, further jobs arrive at the actor; the next one takes them all. Where one job of several fails, each is
    /// done again in a transaction of its own, so that none fails for another.
    actor Writer {
        private struct Job {
            /// Whether it mustn't be lost when the machine loses power.
            let isDurable: Bool
            let run: (Connection) throws(EventStoreError) -> Void
            let end: (EventStoreError?) -> Void
        }

        private let thread: StoreThread
        private let connection: Connection
        private var pending: [Job] = []
        private var flushesEachCommit: Bool?

        nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

        init(on thread: StoreThread, at path: String) async throws(EventStoreError) {
            self.thread = thread
            connection = try Connection(opening: path)
            try Schema.prepare(connection)
        }

        /// Runs a closure in a transaction, which others may share, and returns when it is committed.
        ///
        /// - Parameters:
        ///   - isDurable: whether the commit waits until the disk has it. Without that it outlives the process, and may be undone when the
        ///     machine loses power; never in part, and never without those after it.
        ///   - body: the work; it may be done twice, of which the first is rolled back.
        func perform<Result: Sendable>(
            durably isDurable: Bool = false,
            _ body: @escaping @Sendable (Connection) throws(EventStoreError) -> Result
        ) async throws(EventStoreError) -> Result {
            let ended: Swift.Result<Result, EventStoreError> = await withCheckedContinuation { continuation in
                var result: Result?
                let job = Job(isDurable: isDurable) { connection throws(EventStoreError) in
                    result = try body(connection)
                } end: { error in
                    if let error { return continuation.resume(returning: .failure(error)) }
                    // A job that ended without an error has run.
                    continuation.resume(returning: .success(result!))
                }
                if pending.isEmpty { Task { self.commit() } }
                pending.append(job)
            }
            return try ended.get()
        }

        private func commit() {
            let jobs = pending
            pending = []
            do throws(EventStoreError) {
                try commit(jobs)
                for job in jobs { job.end(nil) }
            } catch {
                guard jobs.count > 1 else { return jobs[0].end(error) }
                for job in jobs {
                    do throws(EventStoreError) {
                        try commit([job])
                        job.end(nil)
                    } catch {
                        job.end(error)
                    }
                }
            }
        }

        private func commit(_ jobs: [Job]) throws(EventStoreError) {
            let flushes = jobs.contains(where: \.isDurable)
            if flushes != flushesEachCommit {
                try connection.execute("PRAGMA synchronous = \(flushes ? "FULL" : "NORMAL")")
                flushesEachCommit = flushes
            }
            try connection.transaction { () throws(EventStoreError) in
                for job in jobs { try job.run(connection) }
            }
            // What was written is lost with the file, though SQLite doesn't mind.
            guard !connection.isFileGone else {
                throw EventStoreError(.fileGone, "'\(connection.path)' has been removed or replaced")
            }
        }
    }
#endif
