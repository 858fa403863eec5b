import Synchronization

/// What a dispatcher is doing, behind its lock. Continuations are resumed outside it.
final class Activity: Sendable {
    private let state: Mutex<ActivityState>

    init(isStarted: Bool) { state = Mutex(ActivityState(isStarted: isStarted)) }

    /// Lets a fire begin, unless the dispatcher is stopped.
    func beginFire(isAwaited: Bool) -> Bool { withState { $0.beginFire(isAwaited: isAwaited) } }

    func endFire() { change { $0.endFire() } }

    /// Reads or changes the state, where that makes no waiter ready.
    func withState<Result: Sendable>(_ body: (inout ActivityState) -> Result) -> Result {
        state.withLock { body(&$0) }
    }

    /// Changes the state, and resumes those whom that made ready.
    func change(_ body: (inout ActivityState) -> [ActivityState.Continuation]) {
        for continuation in state.withLock({ body(&$0) }) { continuation.resume() }
    }

    /// Waits for a goal, until the calling task is cancelled, or until a deadline if there is one.
    func wait(for goal: ActivityState.Goal, until deadline: Deadline? = nil) async {
        let id = withState { $0.nextWaiter() }
        let timer = deadline.map { deadline in
            Task.detached {
                if await deadline.isReached() { self.change { $0.expire(id) } }
            }
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                change { $0.wait(id, for: goal, continuation) }
            }
        } onCancel: {
            change { $0.expire(id) }
        }
        timer?.cancel()
        withState { $0.forget(id) }
    }
}
