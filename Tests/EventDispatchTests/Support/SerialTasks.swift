import Dispatch

/// Runs tasks one after the other on a thread of its own, so that a test knows how far they have come: each runs until it
/// has to wait for something before the next one gets its turn.
final class SerialTasks: TaskExecutor {
    private let queue = DispatchQueue(label: "SerialTasks")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Blocks the thread until all that was enqueued before has had its turn; for threads that the tasks need not.
    func waitUntilIdle() { queue.sync {} }

    /// Starts a task, and returns when it has ended or waits for something.
    @discardableResult
    func start<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) async -> Task<Result, Never> {
        let task = Task(executorPreference: self) { await body() }
        await Task(executorPreference: self) {}.value
        return task
    }
}
