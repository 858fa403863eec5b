/// One fire on its way through the handlers that it matched.
struct DispatchRun {
    private let fire: FireContext
    private var summary: DispatchSummary
    private var claims = LimitClaims()
    private var halt = DispatchHalt()

    init(_ fire: FireContext) {
        self.fire = fire
        summary = DispatchSummary(event: fire.event.eventType)
    }

    /// Runs handlers that stand in dispatch order. The caller's isolation reaches the handlers that have none.
    mutating func run(
        _ handlers: [RegisteredHandler],
        isolation: isolated (any Actor)?
    ) async -> DispatchSummary {
        let stopwatch = begin()
        for batch in HandlerBatches(handlers) {
            halt.isCancelled = Task.isCancelled
            if batch.dropLast().contains(where: { $0.body.mustBeAwaited(on: isolation) }) {
                await runSideBySide(batch, isolation: isolation)
            } else {
                await runInTurn(batch, isolation: isolation)
            }
        }
        return finish(stopwatch)
    }

    /// Runs handlers none of which has to be awaited.
    mutating func runInPlace(
        _ handlers: [RegisteredHandler],
        isolation: (any Actor)?
    ) -> DispatchSummary {
        let stopwatch = begin()
        for handler in handlers {
            if case .ended(let run) = start(handler, on: isolation) {
                halt.note(run.result, of: handler.plan)
                record(run, of: handler)
            }
        }
        return finish(stopwatch)
    }

    /// Runs a batch in which at most the last handler suspends: awaiting it directly saves a task group.
    private mutating func runInTurn(
        _ batch: ArraySlice<RegisteredHandler>,
        isolation: isolated (any Actor)?
    ) async {
        for handler in batch {
            let run: HandlerRun
            switch start(handler, on: isolation) {
            case .ended(let ended): run = ended
            case .suspends(let call, let body): run = await call.call(body)
            case .noMatch: continue
            }
            halt.note(run.result, of: handler.plan)
            record(run, of: handler)
        }
    }

    /// Runs a batch whose handlers start in order and suspend side by side, and waits for all of them.
    private mutating func runSideBySide(
        _ batch: ArraySlice<RegisteredHandler>,
        isolation: isolated (any Actor)?
    ) async {
        var runs: [Int: HandlerRun] = [:]
        await withTaskGroup(of: (Int, HandlerRun).self) { group in
            for (index, handler) in zip(batch.indices, batch) {
                switch start(handler, on: isolation) {
                case .ended(let run):
                    runs[index] = run
                    if halt.note(run.result, of: handler.plan) { group.cancelAll() }
                case .suspends(let call, let body):
                    group.addHandler(isolation: isolation) { (index, await call.call(body)) }
                case .noMatch: break
                }
            }
            for await (index, run) in group {
                runs[index] = run
                if halt.note(run.result, of: batch[index].plan) { group.cancelAll() }
            }
        }
        for (index, handler) in zip(batch.indices, batch) {
            if let run = runs[index] { record(run, of: handler) }
        }
    }

    /// How far a handler comes without suspending.
    private enum Start {
        case ended(HandlerRun)
        case suspends(HandlerCall, HandlerBody.Asynchronous)
        /// Other events used its limit up.
        case noMatch
    }

    /// Starts a handler, if it may start: checked at the last moment, after all that ran before it.
    private mutating func start(_ handler: RegisteredHandler, on isolation: (any Actor)?) -> Start {
        let form = handler.body.form(on: isolation)
        if let result = halt.result(for: handler.plan, form, fire.frame) { return .ended(HandlerRun(result)) }
        guard handler.isOwnerAlive else { return .ended(HandlerRun(.skipped(.ownerGone))) }
        guard handler.subscription.beginRun() else { return .ended(HandlerRun(.skipped(.unsubscribed))) }
        guard let claimed = claims.claim(handler.plan.limits, for: fire.event) else {
            handler.subscription.runs.end()
            return .noMatch
        }
        for planned in claimed where planned.limit.isUsedUp {
            fire.dispatcher.registry.remove(limitedBy: planned.limit, of: fire.event.eventType)
        }
        let call = HandlerCall(handler: handler, fire: fire)
        return switch form {
        case .inPlace(let body): .ended(call.callInPlace(body))
        case .suspending(let body): .suspends(call, body)
        }
    }

    private func begin() -> Stopwatch? {
        fire.observation?.tell { $0.fireStarted($1) }
        return fire.detail == .all ? fire.startStopwatch() : nil
    }

    private mutating func record(_ run: HandlerRun, of handler: RegisteredHandler) {
        summary.matched += 1
        if run.result.isSuccess {
            summary.succeeded += 1
            if let reply = run.reply { summary.replies.append(reply) }
            guard fire.detail == .all else { return }
        }
        summary.outcomes.append(HandlerCall(handler: handler, fire: fire).outcome(of: run))
    }

    private mutating func finish(_ stopwatch: Stopwatch?) -> DispatchSummary {
        summary.duration = stopwatch?()
        if let observation = fire.observation {
            if summary.matched == 0 { observation.tell { $0.unhandled($1) } }
            let report = summary.report
            observation.tell { $0.fireFinished($1, report: report) }
        }
        return summary
    }
}
