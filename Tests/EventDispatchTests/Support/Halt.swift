import Dispatch

/// A place where a thread stops once until a test lets it go on.
final class Halt: Sendable {
    private let arrived = Flag()
    private let semaphore = DispatchSemaphore(value: 0)

    /// Whether a thread has come.
    var isReached: Bool { arrived.isSet }

    /// Blocks the thread, if it is the first to come; to be called on threads of tests only.
    func stop() {
        guard !arrived.isSet else { return }
        arrived.set()
        semaphore.wait()
    }

    func release() { semaphore.signal() }
}
