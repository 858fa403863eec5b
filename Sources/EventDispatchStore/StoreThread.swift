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

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    package func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}
