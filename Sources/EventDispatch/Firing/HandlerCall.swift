/// One call of a handler that may start: surrounds its closure with what belongs to every call.
struct HandlerCall: Sendable {
    let scope: HandlerScope
    /// Nil when nobody observes the dispatcher.
    private let observation: FireObservation?
    private let isTimed: Bool

    init(of handler: RegisteredHandler, in fire: Fire, _ observation: FireObservation?) {
        scope = HandlerScope(fire: fire, handler: handler)
        self.observation = observation
        isTimed = observation != nil || fire.detail == .all
    }

    private var handler: RegisteredHandler {
        guard let handler = scope.handler else { preconditionFailure("a call is of a handler") }
        return handler
    }

    /// Calls a handler that runs in place.
    func callInPlace() -> HandlerRun {
        let stopwatch = begin()
        var run = scope.callSynchronously { () -> HandlerRun in
            do { return HandlerRun(returned: try handler.inPlace(scope.fire.event)) } catch {
                return HandlerRun(threw: error)
            }
        }
        scope.end()
        end(&run, stopwatch)
        return run
    }

    /// Calls a handler in a task.
    ///
    /// Not inlined, because the frames of its callers lie in tasks' memory, which is small.
    @inline(never)
    func call(isolation: isolated (any Actor)?) async -> HandlerRun {
        guard handler.mustBeAwaited(on: isolation) else { return callInPlace() }
        let stopwatch = begin()
        var run =
            if let timeout = handler.timeout {
                await TimedCall(call: self, timeout: timeout).run(isolation: isolation)
            } else {
                await callInTask(isolation: isolation)
            }
        end(&run, stopwatch)
        return run
    }

    /// Calls a handler that has to be awaited, however long it takes.
    @inline(__always)
    private func callInTask(isolation: isolated (any Actor)?) async -> HandlerRun {
        await scope.callInTask(handler.awaitedCall, handler.startPermit, with: scope.fire.event, isolation: isolation)
    }

    /// Calls a handler that has to be awaited, however long it takes, if it may start.
    func callInTask(
        with event: EventReference,
        _ start: StartDecision,
        isolation: isolated (any Actor)?
    ) async -> HandlerRun {
        guard handler.asksPermit || start.start() else { return HandlerRun(notStarted: .cancelled) }
        let permit = StartPermit(of: handler, start)
        return await scope.callInTask(handler.awaitedCall, permit, with: event, isolation: isolation)
    }

    private func begin() -> Stopwatch? {
        observation?.tell { $0.handlerStarted(handler.label, phase: handler.phase.name, in: $1) }
        guard isTimed else { return nil }
        return Stopwatch(on: scope.fire.dispatcher.clock)
    }

    /// Settles the limits, and tells the observers.
    private func end(_ run: inout HandlerRun, _ stopwatch: Stopwatch?) {
        if let stopwatch { run.duration = stopwatch() }
        // The claims of a handler that is left behind are settled when it ends.
        if !run.isLeftBehind { settleOwnLimits(run.claimEnd, for: scope.fire.event) }
        if run.result.isFailure, handler.options.contains(.failFast) {
            scope.fire.failFast(inPhase: handler.order.phaseIndex)
        }
        guard let observation else { return }
        let outcome = HandlerOutcome(of: run, handler)
        observation.tell { $0.handlerFinished(outcome, in: $1) }
    }

    /// Settles the claims on the handler's own limits.
    func settleOwnLimits(_ end: ClaimEnd, for event: EventReference) {
        guard handler.hasLimits else { return }
        for planned in handler.limits where !planned.isOfBlock && planned.limit.settle(end, for: event) {
            scope.fire.dispatcher.registry.removeUsedUp(handler)
        }
    }
}
