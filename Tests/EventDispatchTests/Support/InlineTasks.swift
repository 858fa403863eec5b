import EventDispatch

/// Runs tasks wherever they are made ready: a continuation's task goes on inside the call that resumes it, under whatever
/// locks the caller holds.
final class InlineTasks: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        UnownedJob(job).runSynchronously(on: asUnownedTaskExecutor())
    }

    /// Starts a task, which runs until it has to wait before this returns.
    @discardableResult
    func start<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) -> Task<Result, Never> {
        Task(executorPreference: self) { await body() }
    }
}
