extension TaskExecutor {
    /// Starts a task on the executor.
    @discardableResult
    func start<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) -> Task<Result, Never> {
        Task(executorPreference: self) { await body() }
    }
}
