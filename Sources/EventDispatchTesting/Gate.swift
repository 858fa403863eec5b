import EventDispatch

/// A closed door for tests: tasks wait at it until the test opens it, and the test waits until they have come.
///
/// It takes the place of sleeping: a handler waits at a gate, the test learns that it is there, acts, and opens.
///
/// ```swift
/// let gate = Gate()
/// let subscription = try dispatcher.on(Ping.self) { _ in try await gate.wait() }
/// async let report = dispatcher.fire(Ping())
/// await gate.arrivals(1)
/// subscription.cancel()
/// gate.open()
/// _ = try await report
/// ```
public final class Gate: Sendable {
    private let state: Locked<GateState>

    /// Makes a gate.
    public init(isOpen: Bool = false) {
        state = Locked(GateState(isOpen: isOpen))
    }

    /// Waits until the gate is open.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before that.
    public func wait() async throws {
        let waiter = state.withLock { $0.nextWaiter() }
        await withTaskCancellationHandler {
            await suspend { $0.wait(waiter, $1) }
        } onCancel: {
            state.withLock { $0.leave(waiter) }?.resume()
        }
        try Task.checkCancellation()
    }

    /// Waits until the gate is open, whether or not the task is cancelled.
    public func waitIgnoringCancellation() async {
        let waiter = state.withLock { $0.nextWaiter() }
        await suspend { $0.wait(waiter, $1) }
    }

    /// Waits until tasks have come to the gate `count` times in all, also those that have passed it since.
    public func arrivals(_ count: Int) async {
        await suspend { $0.awaitArrivals(count, $1) }
    }

    /// Opens the gate: all that wait at it, and all that come later, pass.
    public func open() {
        for continuation in state.withLock({ $0.open() }) { continuation.resume() }
    }

    /// Suspends, hands the continuation to the state, and resumes outside the lock what the state gives back.
    private func suspend(
        _ handOver: (inout GateState, CheckedContinuation<Void, Never>) -> [CheckedContinuation<Void, Never>]
    ) async {
        await withCheckedContinuation { continuation in
            for ready in state.withLock({ handOver(&$0, continuation) }) { ready.resume() }
        }
    }
}
