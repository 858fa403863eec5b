import Dispatch
import Foundation
import Synchronization

/// A thread that runs one closure.
final class WorkerThread: Sendable {
    private let finished = DispatchSemaphore(value: 0)
    private let failure = Mutex<(any Error)?>(nil)

    init(_ body: @escaping @Sendable () throws -> Void) {
        let thread = Thread { [self] in
            do { try body() } catch { failure.withLock { $0 = error } }
            finished.signal()
        }
        thread.start()
    }

    /// Waits for the closure's end, and throws what it threw.
    func join() throws {
        finished.wait()
        if let error = failure.withLock({ $0 }) { throw error }
    }
}
