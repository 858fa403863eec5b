import Foundation

/// Runs tasks on threads of their own, a new one for each stretch between suspensions: these may block as no pool's thread may.
final class ThreadTasks: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        Thread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }.start()
    }
}
