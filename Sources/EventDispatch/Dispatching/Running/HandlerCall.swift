/// One call of a handler that may start: surrounds its closure with what belongs to every call.
struct HandlerCall: Sendable {
    let handler: RegisteredHandler
    let fire: FireContext

    /// Calls a handler that runs in place.
    func callInPlace(_ body: HandlerBody.Synchronous) -> HandlerRun {
        let stopwatch = begin()
        var run = scope.callSynchronously { HandlerRun.calling(body, with: fire.event) }
        handler.subscription.runs.end()
        end(&run, stopwatch)
        return run
    }

    /// Calls a handler that has to be awaited.
    nonisolated(nonsending) func call(_ body: @escaping HandlerBody.Asynchronous) async -> HandlerRun {
        let stopwatch = begin()
        var run =
            if let timeout = handler.plan.handler.timeout {
                await TimedCall(call: self, body: body, timeout: timeout.duration).run(isolation: #isolation)
            } else {
                await callWithoutTimeout(body)
            }
        end(&run, stopwatch)
        return run
    }

    /// Calls the closure itself, however long it takes.
    nonisolated(nonsending) func callWithoutTimeout(
        _ body: HandlerBody.Asynchronous
    ) async -> HandlerRun {
        let event = fire.event
        let run = await scope.callAsynchronously(isolation: #isolation) { await HandlerRun.awaiting(body, with: event) }
        handler.subscription.runs.end()
        return run
    }

    private var scope: HandlerScope {
        HandlerScope(
            frame: fire.frame,
            phase: handler.plan.phase.phase,
            subscription: handler.subscription,
            run: HandlerRunID(fire: ObjectIdentifier(fire.frame), handler: ObjectIdentifier(handler))
        )
    }

    private func begin() -> Stopwatch? {
        fire.observation?.tell { $0.handlerStarted(handler.label, phase: handler.plan.phase.name, in: $1) }
        return fire.startStopwatch()
    }

    /// Settles the limits, and tells the observers.
    private func end(_ run: inout HandlerRun, _ stopwatch: Stopwatch?) {
        run.duration = stopwatch?()
        for planned in handler.plan.limits where planned.limit.settle(succeeded: run.result.isSuccess) {
            fire.dispatcher.registry.remove(limitedBy: planned.limit, of: fire.event.eventType)
        }
        fire.observation?.tell { $0.handlerFinished(outcome(of: run), in: $1) }
    }

    func outcome(of run: HandlerRun) -> HandlerOutcome {
        HandlerOutcome(handler: handler.label, phase: handler.plan.phase.name, result: run.result, duration: run.duration)
    }
}
