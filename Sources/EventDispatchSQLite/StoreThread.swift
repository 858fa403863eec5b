#if SQLite
    import Dispatch

    /// A thread of its own for work that blocks: calls of SQLite wait for the disk, and mustn't do so on a thread of the concurrency pool.
    final class StoreThread: SerialExecutor {
        private let queue: DispatchQueue

        init(_ name: String) { queue = DispatchQueue(label: "EventDispatchSQLite.\(name)", qos: .utility) }

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
        }

        /// Runs a closure on the thread, after what was handed over before.
        func run(_ work: @escaping @Sendable () -> Void) { queue.async(execute: work) }

        func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

        func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
    }
#endif
