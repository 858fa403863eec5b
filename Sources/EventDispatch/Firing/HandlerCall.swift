/// One run of a handler that may start: surrounds its closure with what belongs to every run.
struct HandlerCall: Sendable {
    let scope: RunScope
    /// The handler whose limits were claimed: another than the one that runs where that has departed from its fire.
    let claimant: RegisteredHandler
    /// The claim on the claimant's limits.
    let claim: ClaimID
    /// Nil when nobody observes the dispatcher.
    private let notifier: ObserverNotifier?
    private let isTimed: Bool

    init(
        of handler: RegisteredHandler,
        _ claim: ClaimID,
        for claimant: RegisteredHandler? = nil,
        isCounted: Bool = true,
        in fire: Fire,
        _ notifier: ObserverNotifier?
    ) {
        let event = handler.slots.contains(where: \.readsEvent) ? EventCopy.of(fire.event) : nil
        scope = RunScope(fire: fire, handler: handler, event: event, isCounted: isCounted)
        self.claimant = claimant ?? handler
        self.claim = claim
        self.notifier = notifier
        isTimed = notifier != nil || fire.detail == .all
    }

    /// The same run for another attempt, which has begun.
    init(again call: HandlerCall) {
        scope = RunScope(fire: call.scope.fire, handler: call.handler, event: call.scope.event)
        claimant = call.claimant
        claim = call.claim
        notifier = call.notifier
        isTimed = call.isTimed
    }

    var handler: RegisteredHandler {
        guard let handler = scope.handler else { preconditionFailure("a call is of a handler") }
        return handler
    }

    var fire: Fire { scope.fire }

    /// Calls a handler that runs in place, for a caller on the given actor, or on none.
    func callInPlace(on isolation: (any Actor)?) -> HandlerCompletion {
        if let departure = handler.departure { return depart(departure, on: isolation) }
        let stopwatch = begin()
        var run = attemptInPlace()
        if let policy = handler.retry { retryInPlace(&run, policy) }
        end(&run, stopwatch)
        return run
    }

    /// Calls a handler in a task.
    ///
    /// Not inlined, because the frames of its callers lie in tasks' memory, which is small.
    @inline(never)
    func call(isolation: isolated (any Actor)?) async -> HandlerCompletion {
        guard handler.mustBeAwaited(on: isolation) else { return callInPlace(on: isolation) }
        if handler.isModified {
            if let departure = handler.departure { return await departWithSlot(departure, isolation: isolation) }
            return await callModified(isolation: isolation)
        }
        let stopwatch = begin()
        var run = await attempt(isolation: isolation)
        end(&run, stopwatch)
        return run
    }

    // MARK: Attempts

    /// Calls the closure of a handler that runs in place, once.
    func attemptInPlace(isFirst: Bool = true) -> HandlerCompletion {
        if isFirst { noteStart(for: fire.event) }
        let run = scope.callSynchronously { HandlerCompletion(calling: handler, with: fire.event) }
        scope.end()
        return run
    }

    /// Calls the closure of a handler once, within its time-out.
    @inline(__always)
    func attempt(isFirst: Bool = true, isolation: isolated (any Actor)?) async -> HandlerCompletion {
        if claimant.isConstrained { return await attemptConstrained(isFirst: isFirst, isolation: isolation) }
        return await scope.callInTask(handler.awaitedCall, handler.startPermit, with: fire.event, isolation: isolation)
    }

    /// As `attempt`, for a handler that may have a time-out, and limits that are told of its start. Not inlined, so that others need no
    /// room for it in their tasks.
    @inline(never)
    private func attemptConstrained(isFirst: Bool, isolation: isolated (any Actor)?) async -> HandlerCompletion {
        if let timeout = handler.timeout {
            return await TimedCall(call: self, timeout: timeout, notesStart: isFirst).run(isolation: isolation)
        }
        let start = startDecision(notesStart: isFirst, for: fire.event)
        return await callInTask(with: fire.event, start, isolation: isolation)
    }

    /// Calls the closure of a handler that has to be awaited, however long it takes, if it may start.
    @inline(never)
    func callInTask(
        with event: EventReference,
        _ start: StartDecision,
        isolation: isolated (any Actor)?
    ) async -> HandlerCompletion {
        guard handler.asksPermit || start.start() else { return HandlerCompletion(refused: .cancelled) }
        let permit = StartPermit(of: handler, start)
        let run = await scope.callInTask(handler.awaitedCall, permit, with: event, isolation: isolation)
        // The permit does not keep it.
        withExtendedLifetime(start) {}
        return run
    }

    /// A decision on the start of the handler, of which its limits are told where they want to know.
    ///
    /// - Parameter event: the event as whoever starts the handler keeps it, which may be longer than the fire.
    func startDecision(notesStart: Bool, for event: EventReference) -> StartDecision {
        notesStart && claimant.notesStarts ? StartDecision { noteStart(for: event) } : StartDecision()
    }

    /// Tells the limits that the handler starts.
    private func noteStart(for event: EventReference) {
        guard claimant.notesStarts else { return }
        for planned in claimant.limits { planned.limit.noteStart(claim, for: event) }
    }

    // MARK: The run around them

    func begin() -> Stopwatch? {
        notifier?.tell { $0.handlerStarted(ObservedHandler(handler), in: $1) }
        guard isTimed else { return nil }
        return Stopwatch(on: fire.dispatcher.clock)
    }

    /// Settles what the run has taken, and tells the observers.
    func end(_ run: inout HandlerCompletion, _ stopwatch: Stopwatch?) {
        if let stopwatch { run.duration = stopwatch() }
        // A handler that is left behind settles when it ends.
        if !run.isLeftBehind, claimant.isConstrained { settle(run.claimEnd, for: fire.event) }
        if run.result.isFailure, handler.options.contains(.failFast) {
            fire.failFast(inPhase: handler.order.phaseIndex)
        }
        tellEnd(run)
    }

    private func tellEnd(_ run: HandlerCompletion) {
        guard let notifier else { return }
        let outcome = HandlerOutcome(of: run, handler)
        notifier.tell { $0.handlerFinished(outcome, in: $1) }
    }

    /// Tells the observers of an attempt that failed, before the next one.
    func tellFailedAttempt(_ run: HandlerCompletion) {
        guard let notifier else { return }
        let outcome = HandlerOutcome(of: run, handler)
        notifier.tell { $0.attemptFailed(outcome, in: $1) }
    }

    /// Tells the observers that a handler that was left behind has ended.
    func tellLateEnd() { notifier?.tell { $0.overrunEnded(ObservedHandler(handler), in: $1) } }

    /// Settles the claims on the handler's own limits, and gives its slots back.
    func settle(_ end: ClaimEnd, for event: EventReference) {
        // First, so that whoever gets a slot finds the limits as this run leaves them.
        settleLimits(end, for: event)
        for planned in handler.slots { planned.giveBack(for: event) }
        claimant.departure?.kind.room?.giveBack(for: event)
    }

    private func settleLimits(_ end: ClaimEnd, for event: EventReference) {
        guard claimant.hasLimits else { return }
        for planned in claimant.limits where !planned.isOfBlock && planned.limit.settle(claim, end, for: event) {
            fire.dispatcher.registry.removeUsedUp(claimant)
        }
    }

    /// Ends a run that doesn't come to call the closure, and has no slots. Where it has departed, observers are told: no report says it.
    func giveUp(_ run: HandlerCompletion, for event: EventReference) {
        scope.end()
        settleLimits(.notStarted, for: event)
        guard claimant !== handler else { return }
        claimant.departure?.kind.room?.giveBack(for: event)
        tellEnd(run)
    }
}

/// The claims of one fire on limits. One claim on the limit of a block serves all handlers of the block.
struct LimitClaims {
    private struct BlockClaim {
        let limit: HandlerLimit
        let block: LimitedBlock
        var hasStarted = false
    }

    private var claims: [BlockClaim] = []
    /// Where the claim of a block stands.
    private var places: [ObjectIdentifier: Int] = [:]

    private func place(of block: LimitedBlock) -> Int? { places[ObjectIdentifier(block)] }

    /// Claims a start from every limit of a handler, or from none.
    ///
    /// While a claim that will be given back is under way, another event may find the limit without a start.
    mutating func claim(_ id: ClaimID, for handler: RegisteredHandler, of event: EventReference) -> Bool {
        var claimed: [PlannedLimit] = []
        for planned in handler.limits where planned.block.flatMap(place(of:)) == nil {
            guard planned.limit.claim(id, for: event) else {
                for planned in claimed { _ = planned.limit.settle(id, .notStarted, for: event) }
                return false
            }
            claimed.append(planned)
        }
        for planned in claimed {
            guard let block = planned.block else { continue }
            places[ObjectIdentifier(block)] = claims.count
            claims.append(BlockClaim(limit: planned.limit, block: block))
        }
        return true
    }

    /// Notes that a handler has started, and so uses the claims on its blocks up.
    mutating func noteStart(of handler: RegisteredHandler) {
        for planned in handler.limits {
            if let place = planned.block.flatMap(place(of:)) { claims[place].hasStarted = true }
        }
    }

    /// Settles the claims on blocks, at the end of the fire. Returns the blocks whose limits are used up.
    mutating func settleBlocks(for event: EventReference) -> [LimitedBlock] {
        claims.filter { $0.limit.settle(.any, $0.hasStarted ? .succeeded : .notStarted, for: event) }.map(\.block)
    }
}
