import Dispatch

/// A thread of its own for work that blocks: calls of a store's library wait for a disk or a network, and mustn't do so on a thread of the
/// concurrency pool.
package final class StoreThread: SerialExecutor {
    private let queue: DispatchQueue

    /// Makes a thread.
    ///
    /// - Parameter name: the name that a debugger shows.
    package init(_ name: String) { queue = DispatchQueue(label: "EventDispatch.\(name)", qos: .utility) }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    /// Runs a closure on the thread, after what was handed over before.
    package func run(_ work: @escaping @Sendable () -> Void) { queue.async(execute: work) }

    /// Runs a closure again and again, as long as it returns true.
    ///
    /// It doesn't wait for a thread of the concurrency pool: handlers that compute for long can have all of them.
    package func run(every interval: Duration, _ work: @escaping @Sendable () -> Bool) {
        queue.asyncAfter(deadline: .now() + interval / .seconds(1)) {
            if work() { self.run(every: interval, work) }
        }
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    package func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}
