import EventDispatch

/// An executor that keeps its jobs until a test runs them, on the test's own thread: a run loop that nobody runs meanwhile, or an actor
/// that is busy with something else.
final class HeldJobs: TaskExecutor, SerialExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isHeld = true
    }

    private let state = Locked(State())

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isHeld = state.withLock { state in
            if state.isHeld { state.jobs.append(job) }
            return state.isHeld
        }
        if !isHeld { run(job) }
    }

    /// Waits until there is a job.
    func arrival() async {
        let hasCome = await comesTrue { self.state.withLock { !$0.jobs.isEmpty } }
        precondition(hasCome)
    }

    /// Runs the jobs that wait, and those that come meanwhile, on the calling thread.
    func run() {
        while let job = state.withLock({ $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }) { run(job) }
    }

    /// Runs jobs on whatever thread they come from now on, and those that wait.
    func release() {
        state.withLock { $0.isHeld = false }
        run()
    }

    private func run(_ job: UnownedJob) {
        job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
    }
}

/// An actor whose jobs a test holds.
actor HeldActor {
    nonisolated let jobs = HeldJobs()
    nonisolated var unownedExecutor: UnownedSerialExecutor { jobs.asUnownedSerialExecutor() }
}
