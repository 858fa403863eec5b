// Runs that are more than one call of the closure: those that wait for a slot, and those that are tried again.

extension HandlerCall {
    /// Calls a handler once it has all its slots, and again where it fails.
    ///
    /// Not inlined, so that handlers without modifiers need no room for it in their tasks.
    @inline(never)
    func callModified(isolation: isolated (any Actor)?) async -> HandlerCompletion {
        if let refused = await takeSlots() ?? refusalOfDuplicate() {
            giveUp(refused, for: fire.event)
            return refused
        }
        let stopwatch = begin()
        var run =
            handler.mustBeAwaited(on: isolation)
            ? await attempt(isolation: isolation) : attemptInPlace()
        if let policy = handler.retry { run = await retried(run, policy, isolation: isolation) }
        end(&run, stopwatch)
        return run
    }

    /// Waits for all slots that the handler needs, in their order. Returns why it doesn't get them; nil when it has them.
    private func takeSlots() async -> HandlerCompletion? {
        for (index, planned) in handler.slots.enumerated() {
            if let refused = await take(planned) {
                for planned in handler.slots[..<index] { planned.giveBack(for: fire.event) }
                return refused
            }
        }
        guard !handler.slots.isEmpty, let refusal = lateRefusal else { return nil }
        for planned in handler.slots { planned.giveBack(for: fire.event) }
        return HandlerCompletion(refused: refusal)
    }

    /// Refuses a run that has waited, if it has come to be like that of the last start meanwhile. It has its slots, and gives them back.
    private func refusalOfDuplicate() -> HandlerCompletion? {
        let hasWaited = claimant !== handler || !handler.slots.isEmpty
        guard hasWaited, claimant.notesStarts,
            !claimant.limits.allSatisfy({ $0.limit.beginStart(claim, for: fire.event) })
        else { return nil }
        for planned in handler.slots { planned.giveBack(for: fire.event) }
        return HandlerCompletion(refused: .duplicate)
    }

    /// Waits for a slot. Returns why the handler doesn't get it; nil when it has it.
    ///
    /// A run that waits doesn't count as one: a `cancelAndWait` in the run that has the slot would wait for it. It counts again before it
    /// asks whether its subscription is cancelled, as a run does that begins.
    func take(_ planned: PlannedSlots) async -> HandlerCompletion? {
        if planned.takeFree(for: fire.event) { return nil }
        if waitsForItself(for: planned) { return HandlerCompletion(failed: waitError) }
        handler.subscription.runEnded()
        let wait = fire.dispatcher.activity.beginSlotWait(of: fire)
        defer {
            fire.dispatcher.activity.endSlotWait(wait)
            handler.subscription.runBegan()
        }
        return await planned.take(for: fire.event) ? nil : HandlerCompletion(refused: .cancelled)
    }

    /// Why a handler that has waited must not start any more; nil when it may.
    var lateRefusal: Refusal? {
        if fire.isStopped { return .fireStopped }
        if fire.hasFailedFast(inPhase: handler.order.phaseIndex) { return .failedFast }
        return Task.isCancelled ? .cancelled : handler.refusal
    }

    /// Whether this run is inside one of the same handler that has a slot which it would wait for.
    private func waitsForItself(for planned: PlannedSlots) -> Bool {
        (fire.liveParent?.enclosing ?? []).contains { outer in
            guard let running = outer.handler, outer.fire.dispatcher === fire.dispatcher,
                running.order.registration == handler.order.registration
            else { return false }
            guard planned.readsEvent else { return true }
            return outer.event.map { planned.areShared(by: $0.reference, and: fire.event) } ?? false
        }
    }

    private var waitError: DispatchError {
        DispatchError(
            code: .waitsForItself,
            message:
                "\(handler.label) would wait for itself: it runs at most so often at a time, and this run is inside another: \(fire.path.joined(separator: " → "))",
            location: handler.label.location
        )
    }

    /// Calls a handler that has failed again, until it succeeds or nothing is to be tried any more. Returns what came of the last attempt.
    private func retried(
        _ first: HandlerCompletion,
        _ policy: RetryPolicy,
        isolation: isolated (any Actor)?
    ) async -> HandlerCompletion {
        var run = first
        while mayRetry(run, policy) {
            let pause = policy.pause(beforeAttempt: run.attempts + 1)
            if pause > .zero {
                guard await Deadline(in: pause, on: fire.dispatcher.clock).isReached(), lateRefusal == nil else {
                    break
                }
            }
            guard handler.beginRun() else { break }
            tellFailedAttempt(run)
            let call = HandlerCall(again: self)
            let isFirst = !run.hasStarted
            let next =
                handler.mustBeAwaited(on: isolation)
                ? await call.attempt(isFirst: isFirst, isolation: isolation) : call.attemptInPlace(isFirst: isFirst)
            run = run.followed(by: next)
        }
        return run
    }

    /// As `retried`, for a handler that runs in place.
    func retryInPlace(_ run: inout HandlerCompletion, _ policy: RetryPolicy) {
        while mayRetry(run, policy), handler.beginRun() {
            tellFailedAttempt(run)
            run = run.followed(by: HandlerCall(again: self).attemptInPlace(isFirst: !run.hasStarted))
        }
    }

    /// Whether a handler is to be tried again. One that still runs isn't: it would run twice at a time.
    private func mayRetry(_ run: HandlerCompletion, _ policy: RetryPolicy) -> Bool {
        run.result.isFailure && !run.isLeftBehind && run.attempts < policy.attempts && lateRefusal == nil
    }
}
