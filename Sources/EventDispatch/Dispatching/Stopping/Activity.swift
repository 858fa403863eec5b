import Synchronization

/// What a dispatcher is doing, and who waits for it to have done it.
///
/// A fire begins and ends with an atomic count; the lock is taken only for what is rarer, and by the end of a fire that
/// somebody waits for. Continuations are resumed outside it.
final class Activity: Sendable {
    /// Fires in progress, nested ones included.
    private let fires = Atomic(0)
    private let stage: Atomic<ActivityStage>
    private let isAwaited = Atomic(false)
    private let state = Mutex(ActivityState())

    init(isStarted: Bool) { stage = Atomic(isStarted ? .started : .stopped) }

    /// Lets a fire begin; while stopping, one that something running waits for.
    ///
    /// The fire is counted before the stage is read, and `stop` reads the count after it has set the stage: so either the fire
    /// is seen and waited for, or it sees the stage and does not begin.
    func beginFire(isAwaited: Bool) -> Bool {
        fires.add(1, ordering: .sequentiallyConsistent)
        let stage = stage.load(ordering: .sequentiallyConsistent)
        if stage == .started || stage == .stopping && isAwaited { return true }
        endFire()
        return false
    }

    func endFire() {
        fires.subtract(1, ordering: .sequentiallyConsistent)
        if isAwaited.load(ordering: .sequentiallyConsistent) { resumeReady() }
    }

    func beginOverrun() { state.withLock { $0.overrunning += 1 } }

    func endOverrun() {
        state.withLock { $0.overrunning -= 1 }
        resumeReady()
    }

    /// Counts an event as posted, unless the dispatcher is stopped; then it counts as dropped.
    func acceptPost() -> Bool {
        state.withLock { state in
            guard stage.load(ordering: .sequentiallyConsistent) == .started else {
                state.dropped += 1
                return false
            }
            state.posted += 1
            return true
        }
    }

    /// Notes that accepted posts have come to their end.
    func settlePosts(_ count: Int, dropped isDropped: Bool) {
        state.withLock { state in
            state.posted -= count
            if isDropped { state.dropped += count }
        }
        resumeReady()
    }

    /// Sets the stage. Under the lock, so that a post sees it from then on.
    func enter(_ newStage: ActivityStage) {
        state.withLock { _ in stage.store(newStage, ordering: .sequentiallyConsistent) }
    }

    /// What is left when the wait for the end is over. A dispatcher that was started again meanwhile stays started.
    func endStop(undelivered: [String]) -> StopReport {
        state.withLock { state in
            _ = stage.compareExchange(expected: .stopping, desired: .stopped, ordering: .sequentiallyConsistent)
            return StopReport(
                undelivered: undelivered,
                firesInProgress: fires.load(ordering: .sequentiallyConsistent),
                handlersOverrunning: state.overrunning,
                dropped: state.dropped
            )
        }
    }

    /// Waits for a goal, until the calling task is cancelled, or until a deadline if there is one.
    func wait(for goal: ActivityState.Goal, until deadline: Deadline? = nil) async {
        let id = state.withLock { $0.nextWaiter() }
        let timer = deadline.map { deadline in
            Task.detached {
                if await deadline.isReached() { self.expire(id) }
            }
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isWaiting = state.withLock { $0.wait(id, for: goal, continuation) }
                guard isWaiting else { return continuation.resume() }
                isAwaited.store(true, ordering: .sequentiallyConsistent)
                resumeReady()
            }
        } onCancel: {
            expire(id)
        }
        timer?.cancel()
        state.withLock { $0.forget(id) }
    }

    private func expire(_ id: Int) {
        state.withLock { $0.expire(id) }?.resume()
    }

    private func resumeReady() {
        let ready = state.withLock { state in
            let ready = state.takeReady(fires: fires.load(ordering: .sequentiallyConsistent))
            isAwaited.store(state.hasWaiters, ordering: .sequentiallyConsistent)
            return ready
        }
        for continuation in ready { continuation.resume() }
    }
}
