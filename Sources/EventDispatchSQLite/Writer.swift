#if SQLite
    import EventDispatch
    import EventDispatchStore

    /// The one connection of a store that writes. It commits what has gathered as one transaction.
    ///
    /// While a transaction goes on, further jobs gather; the next one takes them all. Where one of several jobs can't be done, each is done
    /// again in a transaction of its own: the others mustn't fail for it.
    actor Writer {
        private struct Job: Sendable {
            /// Whether it mustn't be lost when the machine loses power.
            let isDurable: Bool
            /// Does the work, and returns what is to be done when it is committed.
            let run: @Sendable (Connection) throws(EventStoreError) -> @Sendable () -> Void
            let fail: @Sendable (EventStoreError) -> Void
        }

        private let thread: StoreThread
        private let connection: Connection
        private var flushesEachCommit: Bool?
        /// Beside the actor, so that callers needn't come to its thread: with 64 of them that was half of the time.
        private nonisolated let gathered = Locked<[Job]>([])

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
        nonisolated func perform<Result: Sendable>(
            durably isDurable: Bool = false,
            _ body: @escaping @Sendable (Connection) throws(EventStoreError) -> Result
        ) async throws(EventStoreError) -> Result {
            let ended: Swift.Result<Result, EventStoreError> = await withCheckedContinuation { continuation in
                let job = Job(isDurable: isDurable) { connection throws(EventStoreError) in
                    let result = try body(connection)
                    return { continuation.resume(returning: .success(result)) }
                } fail: { error in
                    continuation.resume(returning: .failure(error))
                }
                let isFirst = gathered.withLock { jobs in
                    jobs.append(job)
                    return jobs.count == 1
                }
                if isFirst { thread.run { self.assumeIsolated { $0.commit() } } }
            }
            return try ended.get()
        }

        func execute(_ script: String) throws(EventStoreError) { try connection.execute(script) }

        private func commit() {
            let jobs = gathered.withLock { jobs in
                defer { jobs = [] }
                return jobs
            }
            do throws(EventStoreError) {
                try commit(jobs)
            } catch {
                // A fault that goes by is none of a job's own, and each would wait for as long.
                guard jobs.count > 1, !error.isTransient else { return jobs.forEach { $0.fail(error) } }
                for job in jobs {
                    do throws(EventStoreError) { try commit([job]) } catch { job.fail(error) }
                }
            }
        }

        private func commit(_ jobs: [Job]) throws(EventStoreError) {
            let flushes = jobs.contains(where: \.isDurable)
            if flushes != flushesEachCommit {
                try connection.execute("PRAGMA synchronous = \(flushes ? "FULL" : "NORMAL")")
                flushesEachCommit = flushes
            }
            let ends = try connection.transaction { () throws(EventStoreError) in
                var ends: [@Sendable () -> Void] = []
                for job in jobs { ends.append(try job.run(connection)) }
                return ends
            }
            // What was written is lost with the file, though SQLite doesn't mind.
            guard !connection.isFileGone else {
                throw EventStoreError(.fileGone, "'\(connection.path)' has been removed or replaced")
            }
            for end in ends { end() }
        }
    }
#endif
