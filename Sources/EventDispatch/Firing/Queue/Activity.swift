import Synchronization

/// Counts fires, holds the queue, and resumes those who wait for both.
///
/// A fire that runs in place is known by its pin; any other begins and ends with an atomic count. The lock is taken only for what
/// is rarer, and by the end of a fire that somebody waits for. Continuations are resumed outside it, and observers told.
final class Activity: Sendable {
    /// Fires in progress that are counted, nested ones included.
    private let counted = Atomic(0)
    /// Where fires in place are pinned.
    private let registry: HandlerRegistry
    /// The stage, for fires to read without the lock.
    private let stage: Atomic<ActivityStage>
    private let hasWaiters = Atomic(false)
    private let state: Locked<ActivityState>

    init(isStarted: Bool, policy: PostPolicy, registry: HandlerRegistry) {
        self.registry = registry
        let stage: ActivityStage = isStarted ? .started : .notStarted
        self.stage = Atomic(stage)
        state = Locked(ActivityState(stage: stage, policy: policy))
    }

    /// Lets a fire begin; while stopping, one that something running waits for. Returns the stage that refuses it; nil when it has
    /// begun.
    ///
    /// The fire is counted before the stage is read, and `stop` reads the count after it has set the stage: so either the fire
    /// is seen and waited for, or it sees the stage and does not begin. A fire that sees it before that is not counted at all, so
    /// that refused fires don't keep a stop waiting.
    func beginFire(isInsideFire: Bool) -> ActivityStage? {
        let early = stage.load(ordering: .relaxed)
        guard early.admits(isInsideFire: isInsideFire) else { return early }
        counted.wrappingAdd(1, ordering: .sequentiallyConsistent)
        let stage = stage.load(ordering: .sequentiallyConsistent)
        if stage.admits(isInsideFire: isInsideFire) { return nil }
        endFire()
        return stage
    }

    func endFire() {
        counted.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        noteEnd()
    }

    /// Whether events seem to be taken; for a fire that runs in place to ask before it is pinned, so that one that is refused
    /// doesn't count as in progress.
    @inline(__always)
    var seemsStarted: Bool { stage.load(ordering: .relaxed) == .started }

    /// Whether events are taken; to be asked by a fire that runs in place once it is pinned, which is its count.
    @inline(__always)
    var isStarted: Bool { stage.load(ordering: .sequentiallyConsistent) == .started }

    /// Whether the dispatcher has stopped, and was not started again.
    var isStopped: Bool { stage.load(ordering: .sequentiallyConsistent) == .stopped }

    /// How often the dispatcher was started.
    var starts: Int { state.withLock { $0.starts } }

    /// Notes that a fire has ended, or a pin, for those who wait for that.
    @inline(__always)
    func noteEnd() {
        if hasWaiters.load(ordering: .sequentiallyConsistent) { resumeReady() }
    }

    /// Fires in progress, nested ones included.
    private var fires: Int { counted.load(ordering: .sequentiallyConsistent) + registry.epochs.pinned }

    /// Takes the next event out of the queue, and begins its fire: in any stage, for the event was accepted.
    func nextTurn(at priority: TaskPriority) -> PumpTurn {
        change { state in
            let turn = state.nextTurn(at: priority)
            if case .fire = turn { counted.wrappingAdd(1, ordering: .sequentiallyConsistent) }
            return turn
        }
    }

    /// Notes the fire of the event that was last taken out of the queue.
    func nameFire(_ fire: Fire) { state.withLock { $0.beginFiring(ObjectIdentifier(fire)) } }

    /// Counts the run of a handler that has departed from its fire. It's part of what has begun, so no stage refuses it.
    func beginDetached(_ fire: Fire) {
        counted.wrappingAdd(1, ordering: .sequentiallyConsistent)
        nameDetached(fire, fire)
    }

    /// Notes which fire is in progress of those that come after one that has departed.
    func nameDetached(_ departed: Fire, _ fire: Fire) {
        state.withLock { $0.detached[ObjectIdentifier(departed)] = ObjectIdentifier(fire) }
    }

    /// Notes that all is done that a drain waits for; the fire has ended already.
    func endDetached(_ fire: Fire) { change { _ = $0.detached.removeValue(forKey: ObjectIdentifier(fire)) } }

    /// Notes that a fire waits for a slot of its handler, and those around it with it: a wait inside a run that has a slot can't wait for
    /// them. Returns what to end it by.
    func beginSlotWait(of fire: Fire) -> Int {
        let around = fire.liveParent?.enclosing.map(\.fire) ?? []
        let fires = ([fire] + around).filter { $0.dispatcher === fire.dispatcher }.map { ObjectIdentifier($0) }
        return change { $0.slotWaits.begin(fires) }
    }

    func endSlotWait(_ id: Int) { state.withLock { $0.slotWaits.end(id) } }

    func beginOverrun() { state.withLock { $0.overrunning += 1 } }

    func endOverrun() { change { $0.overrunning -= 1 } }

    /// Takes events from now on.
    func start() {
        let ended = state.withLock { state in
            let ended = state.start()
            stage.store(.started, ordering: .sequentiallyConsistent)
            return ended
        }
        for waiter in ended { waiter.continuation.resume(returning: nil) }
    }

    /// Refuses events from now on. Returns the producers that are refused with them, and the number of the start that this stop
    /// ends.
    func beginStop() -> (refused: [PostProducer], starts: Int) {
        change { state in
            let refused = state.beginStop()
            stage.store(state.stage, ordering: .sequentiallyConsistent)
            return (refused, state.starts)
        }
    }

    /// How many events are in the queue.
    var eventCount: Int { state.withLock { $0.eventCount } }

    /// Drops what is in the queue, and returns it.
    func dropEvents() -> [any MatchableEvent] { change { $0.dropEvents() } }

    /// Ends a stop: drops what is in the queue, and says what is left, and whether the dispatcher is stopped.
    ///
    /// - Parameter firesLeft: how many fires the stop did not wait for; nil when it ended before the others did.
    func endStop(
        begunAfter starts: Int,
        undelivered: [any MatchableEvent],
        firesLeft: Int?
    ) -> (report: StopReport, [any MatchableEvent], isStopped: Bool) {
        change { state in
            let events = state.endStop(begunAfter: starts)
            stage.store(state.stage, ordering: .sequentiallyConsistent)
            let report = StopReport(
                undelivered: (undelivered + events).map { type(of: $0).eventName },
                firesInProgress: firesLeft ?? fires,
                handlersOverrunning: state.overrunning,
                dropped: state.dropped
            )
            return (report, events, state.stage == .stopped)
        }
    }

    /// Waits until the queue is empty and what was in it is handled; for a stop, until nothing else is being done either. Ends
    /// before that when the calling task is cancelled, and at a deadline if there is one.
    ///
    /// - Returns: how many fires were in progress when that was reached, which the caller can't wait for; nil when it was not.
    @discardableResult
    func wait(asStop isStop: Bool, insideOf own: [RunScope], until deadline: Deadline? = nil) async -> Int? {
        let id = state.withLock { $0.waiters.begin() }
        let timer = deadline.map { deadline in
            Task.detached {
                if await deadline.isReached() { self.expire(id) }
            }
        }
        defer { timer?.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = ActivityWaiter(isStop: isStop, own: own, continuation: continuation)
                let isWaiting = state.withLock { state in
                    hasWaiters.store(true, ordering: .sequentiallyConsistent)
                    return state.waiters.add(waiter, to: id)
                }
                guard isWaiting else { return continuation.resume(returning: nil) }
                resumeReady()
            }
        } onCancel: {
            expire(id)
        }
    }

    private func expire(_ id: Int) {
        state.withLock { $0.waiters.cancel(id) }?.continuation.resume(returning: nil)
    }

    /// Changes the state, and resumes those whose goal that reached.
    func change<Result: Sendable>(_ body: (inout ActivityState) -> Result) -> Result {
        let result = state.withLock { body(&$0) }
        resumeReady()
        return result
    }

    private func resumeReady() {
        let (ready, firesLeft) = state.withLock { state in
            let firesLeft = fires
            let ready = state.takeReady(fires: firesLeft)
            hasWaiters.store(!state.waiters.isEmpty, ordering: .sequentiallyConsistent)
            return (ready, firesLeft)
        }
        for waiter in ready { waiter.continuation.resume(returning: firesLeft) }
    }
}
