/// A call of a handler that is cancelled when it takes too long, and given up when it does not end for that either.
///
/// The handler runs in a task of its own, because a child task can't be left behind. It inherits the caller's isolation and task-local
/// values, and starts in place where the system can do that. What else a child would share with the caller is passed on to it:
/// cancellation, a higher priority, and the preferred executor.
struct TimedCall: Sendable {
    let call: HandlerCall
    let timeout: HandlerTimeout
    /// Whether limits are to be told of the start.
    let notesStart: Bool

    func run(isolation: isolated (any Actor)?) async -> HandlerCompletion {
        let deadline = Deadline(in: timeout.duration, on: clock)
        let (race, event) = (TimeoutRace(), EventCopy.of(call.scope.fire.event))
        let start = call.startDecision(notesStart: notesStart, for: event.reference)
        let work = startTask(race, start, event, isolation: isolation)
        return await passingOn(to: work, isolation: isolation) {
            _ = isolation
            if let run = await race.run(by: deadline, isolation: isolation) { return run }
            if start.prevent() {
                work.cancel()
                call.scope.end()
                return HandlerCompletion(refused: .timedOut)
            }
            return await end(work, race, isolation: isolation)
        }
    }

    private var activity: Activity { call.scope.fire.dispatcher.activity }
    private var clock: any Clock<Duration> { call.scope.fire.dispatcher.clock }

    /// Cancels a handler whose time is up, and waits until it has ended or its grace is over.
    private func end(
        _ work: Task<Void, Never>,
        _ race: TimeoutRace,
        isolation: isolated (any Actor)?
    ) async -> HandlerCompletion {
        if timeout.grace > .zero {
            work.cancel()
            let ended = await race.run(by: Deadline(in: timeout.grace, on: clock), isolation: isolation)
            if ended != nil { return HandlerCompletion(timedOut: false) }
        }
        activity.beginOverrun()
        let isLeftBehind = race.leaveBehind()
        if !isLeftBehind { activity.endOverrun() }
        work.cancel()
        return HandlerCompletion(timedOut: isLeftBehind)
    }

    /// Starts the handler in a task on the caller's isolation. Naming it in the closure is what makes the task inherit it.
    private func startTask(
        _ race: TimeoutRace,
        _ start: StartDecision,
        _ event: EventCopy,
        isolation: isolated (any Actor)?
    ) -> Task<Void, Never> {
        let operation: nonisolated(nonsending) @Sendable () async -> Void = {
            let run = await call.callInTask(with: event.reference, start, isolation: #isolation)
            if race.end(run) {
                call.settle(run.hasStarted ? .failed : .notStarted, for: event.reference)
                call.tellLateEnd()
                activity.endOverrun()
            }
            withExtendedLifetime(event) {}
        }
        if #available(macOS 26.4, iOS 26.4, tvOS 26.4, watchOS 26.4, visionOS 26.4, *) {
            let executor = withUnsafeCurrentTask { $0?.unownedTaskExecutor?.asTaskExecutor() }
            return Task.immediate(priority: Task.currentPriority, executorPreference: executor) {
                _ = isolation
                await operation()
            }
        }
        if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
            return Task.immediate(priority: Task.currentPriority) {
                _ = isolation
                await operation()
            }
        }
        return Task(priority: Task.currentPriority) {
            _ = isolation
            await operation()
        }
    }

    /// Runs the caller's part, and passes on to the handler's task what happens to the caller's.
    private func passingOn(
        to work: Task<Void, Never>,
        isolation: isolated (any Actor)?,
        _ body: nonisolated(nonsending) () async -> HandlerCompletion
    ) async -> HandlerCompletion {
        await withTaskCancellationHandler {
            guard #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) else { return await body() }
            return await withTaskPriorityEscalationHandler {
                _ = isolation
                // It may have been raised before this was there to see it.
                work.escalatePriority(to: Task.currentPriority)
                return await body()
            } onPriorityEscalated: { _, priority in
                work.escalatePriority(to: priority)
            }
        } onCancel: {
            work.cancel()
        }
    }
}

/// Whether a handler with a time-out has ended, and the fire that waits for that until its patience is at an end.
final class TimeoutRace: Sendable {
    private struct State {
        /// The completion of the handler, once it has ended.
        var run: HandlerCompletion?
        /// Whether the time that the fire waits is over.
        var isTimeUp = false
        var isLeftBehind = false
        var fire: CheckedContinuation<HandlerCompletion?, Never>?

        /// Takes out the fire that waits.
        mutating func takeFire() -> CheckedContinuation<HandlerCompletion?, Never>? {
            defer { fire = nil }
            return fire
        }
    }

    private let state = Locked(State())

    /// Notes that the handler ended. Returns whether it had been left behind.
    func end(_ run: HandlerCompletion) -> Bool {
        let (wasLeftBehind, fire) = state.withLock { state in
            state.run = run
            return (state.isLeftBehind, state.takeFire())
        }
        fire?.resume(returning: run)
        return wasLeftBehind
    }

    /// Waits until the handler has ended, and returns what came of it; nil when the deadline comes first.
    func run(by deadline: Deadline, isolation: isolated (any Actor)?) async -> HandlerCompletion? {
        let ended = state.withLock { state in
            state.isTimeUp = false
            return state.run
        }
        if let ended { return ended }
        let timer = Task.detached {
            if await deadline.isReached() { self.endWait() }
        }
        defer { timer.cancel() }
        return await withCheckedContinuation { fire in
            let answer: HandlerCompletion?? = state.withLock { state in
                if state.run != nil || state.isTimeUp { return state.run }
                state.fire = fire
                return nil
            }
            if let answer { fire.resume(returning: answer) }
        }
    }

    private func endWait() {
        let fire = state.withLock { state in
            state.isTimeUp = true
            return state.takeFire()
        }
        fire?.resume(returning: nil)
    }

    /// Gives the handler up; false when it has ended after all.
    func leaveBehind() -> Bool {
        state.withLock { state in
            state.isLeftBehind = state.run == nil
            return state.isLeftBehind
        }
    }
}
