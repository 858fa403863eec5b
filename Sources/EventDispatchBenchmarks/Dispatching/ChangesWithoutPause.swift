import EventDispatch
import Synchronization

/// A thread that subscribes and cancels until it is stopped.
final class ChangesWithoutPause: Sendable {
    private final class State: Sendable {
        let hasBegun = Atomic(false)
        let isStopped = Atomic(false)
    }

    private let state = State()
    private let thread: WorkerThread

    /// Starts the thread, and returns when it has made its first change.
    init(_ handlers: NamedHandlers) {
        let state = state
        thread = WorkerThread {
            var variant = 0
            while !state.isStopped.load(ordering: .relaxed) {
                let subscription = try handlers.subscribe(handlers.subscriptions + variant)
                subscription.cancel()
                state.hasBegun.store(true, ordering: .releasing)
                variant = (variant + 1) % ChangeTiming.variants
            }
        }
        while !state.hasBegun.load(ordering: .acquiring) {}
    }

    /// Ends the thread, and throws what it failed with.
    func stop() throws {
        state.isStopped.store(true, ordering: .relaxed)
        try thread.join()
    }
}
