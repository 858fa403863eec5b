/// One call of a handler that may start: surrounds its closure with what belongs to every call.
struct HandlerCall: Sendable {
    let scope: RunScope
    /// Nil when nobody observes the dispatcher.
    private let notifier: ObserverNotifier?
    private let isTimed: Bool

    init(of handler: RegisteredHandler, in fire: Fire, _ notifier: ObserverNotifier?) {
        scope = RunScope(fire: fire, handler: handler)
        self.notifier = notifier
        isTimed = notifier != nil || fire.detail == .all
    }

    private var handler: RegisteredHandler {
        guard let handler = scope.handler else { preconditionFailure("a call is of a handler") }
        return handler
    }

    /// Calls a handler that runs in place.
    func callInPlace() -> HandlerCompletion {
        let stopwatch = begin()
        var run = scope.callSynchronously { () -> HandlerCompletion in
            do { return HandlerCompletion(returned: try handler.inPlace(scope.fire.event)) } catch {
                return HandlerCompletion(threw: error)
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
    func call(isolation: isolated (any Actor)?) async -> HandlerCompletion {
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
    private func callInTask(isolation: isolated (any Actor)?) async -> HandlerCompletion {
        await scope.callInTask(handler.awaitedCall, handler.startPermit, with: scope.fire.event, isolation: isolation)
    }

    /// Calls a handler that has to be awaited, however long it takes, if it may start.
    func callInTask(
        with event: EventReference,
        _ start: StartDecision,
        isolation: isolated (any Actor)?
    ) async -> HandlerCompletion {
        guard handler.asksPermit || start.start() else { return HandlerCompletion(refused: .cancelled) }
        let permit = StartPermit(of: handler, start)
        return await scope.callInTask(handler.awaitedCall, permit, with: event, isolation: isolation)
    }

    private func begin() -> Stopwatch? {
        notifier?.tell { $0.handlerStarted(handler.label, phase: handler.phase.name, in: $1) }
        guard isTimed else { return nil }
        return Stopwatch(on: scope.fire.dispatcher.clock)
    }

    /// Settles the limits, and tells the observers.
    private func end(_ run: inout HandlerCompletion, _ stopwatch: Stopwatch?) {
        if let stopwatch { run.duration = stopwatch() }
        // The claims of a handler that is left behind are settled when it ends.
        if !run.isLeftBehind { settleOwnLimits(run.claimEnd, for: scope.fire.event) }
        if run.result.isFailure, handler.options.contains(.failFast) {
            scope.fire.failFast(inPhase: handler.order.phaseIndex)
        }
        guard let notifier else { return }
        let outcome = HandlerOutcome(of: run, handler)
        notifier.tell { $0.handlerFinished(outcome, in: $1) }
    }

    /// Settles the claims on the handler's own limits.
    func settleOwnLimits(_ end: ClaimEnd, for event: EventReference) {
        guard handler.hasLimits else { return }
        for planned in handler.limits where !planned.isOfBlock && planned.limit.settle(end, for: event) {
            scope.fire.dispatcher.registry.removeUsedUp(handler)
        }
    }
}

/// The claims of one fire on limits. One claim on the limit of a block serves all handlers of the block.
struct LimitClaims {
    private struct BlockClaim {
        let limit: any HandlerLimit
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
    mutating func claim(for handler: RegisteredHandler, of event: EventReference) -> Bool {
        var claimed: [PlannedLimit] = []
        for planned in handler.limits where planned.block.flatMap(place(of:)) == nil {
            guard planned.limit.claim(for: event) else {
                for planned in claimed { _ = planned.limit.settle(.notStarted, for: event) }
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
        claims.filter { $0.limit.settle($0.hasStarted ? .succeeded : .notStarted, for: event) }.map(\.block)
    }
}
