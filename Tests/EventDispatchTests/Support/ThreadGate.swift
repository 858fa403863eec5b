import Dispatch

/// A closed door for code that can't suspend: it holds the thread that comes to it until the test opens it; or for ten
/// minutes, so that a test that fails comes to its end.
///
/// For threads of the test's own only, as ``onThread(_:)`` makes them.
final class ThreadGate: Sendable {
    private let reached = Flag()
    private let door = DispatchSemaphore(value: 0)

    /// Holds the calling thread until the door is open.
    func wait() {
        reached.set()
        _ = door.wait(timeout: .now() + .seconds(600))
        door.signal()
    }

    /// Waits until a thread has come to the door; false when that takes too long.
    func isReached() async -> Bool { await comesTrue { [reached] in reached.isSet } }

    /// Lets all pass that wait and that come later.
    func open() { door.signal() }
}
