/// Runs tasks wherever they are made ready: a continuation's task goes on inside the call that resumes it, under whatever
/// locks the caller holds. One that is started runs until it has to wait before `start` returns.
final class InlineTasks: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        UnownedJob(job).runSynchronously(on: asUnownedTaskExecutor())
    }
}
