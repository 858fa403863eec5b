/// A call of a handler that is given up when it takes too long.
///
/// The handler runs in a task of its own, because a child task can't be left behind. It inherits the caller's isolation,
/// priority and task-local values, starts in place where the system can do that, and is cancelled with the caller.
struct TimedCall: Sendable {
    let call: HandlerCall
    let timeout: Duration

    /// How often the caller makes way for a handler that was cancelled, before it counts as ignoring that.
    private static var chancesToEnd: Int { 1_000 }

    func run(isolation: isolated (any Actor)?) async -> HandlerRun {
        let dispatcher = call.scope.fire.dispatcher
        let race = TimeoutRace<HandlerRun>()
        let deadline = Deadline(in: timeout, on: dispatcher.clock)
        let event = EventCopy.of(call.scope.fire.event)
        let work = startInPlace(isolation: isolation) {
            let run = await call.callInTask(with: event.reference, isolation: #isolation)
            withExtendedLifetime(event) {}
            if race.end(run) { dispatcher.activity.endOverrun() }
        }
        let timer = Task.detached {
            if await deadline.isReached() { race.timeOut() }
        }
        let run = await withTaskCancellationHandler {
            await race.result()
        } onCancel: {
            work.cancel()
        }
        timer.cancel()
        if let run { return run }

        work.cancel()
        for _ in 0..<Self.chancesToEnd where !race.hasEnded { await Task.yield() }
        dispatcher.activity.beginOverrun()
        let stillRunning = race.leaveBehind()
        if !stillRunning { dispatcher.activity.endOverrun() }
        return HandlerRun(timedOut: stillRunning)
    }

    /// Starts a task on the caller's isolation. Naming it in the closure is what makes the task inherit it.
    private func startInPlace(
        isolation: isolated (any Actor)?,
        _ operation: nonisolated(nonsending) @escaping @Sendable () async -> Void
    ) -> Task<Void, Never> {
        if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
            return Task.immediate {
                _ = isolation
                await operation()
            }
        }
        return Task {
            _ = isolation
            await operation()
        }
    }
}
