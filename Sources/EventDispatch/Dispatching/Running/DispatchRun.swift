/// One fire on its way through the handlers that it matched.
struct DispatchRun: ~Copyable {
    private var fire: Fire
    private var observation: FireObservation?
    private var summary = DispatchSummary()
    private var claims = LimitClaims()
    private var halt = DispatchHalt()

    init(_ fire: Fire) {
        self.fire = fire
        observation = FireObservation.of(fire)
    }

    /// Runs handlers that stand in dispatch order. The caller's isolation reaches the handlers that have none.
    mutating func run(_ handlers: [RegisteredHandler], isolation: isolated (any Actor)?) async {
        let stopwatch = begin()
        await runBatches(of: handlers, isolation: isolation)
        finish(stopwatch)
    }

    /// Runs handlers that stand in dispatch order, without the beginning and the end of the fire.
    mutating func runBatches(of handlers: [RegisteredHandler], isolation: isolated (any Actor)?) async {
        var batch = handlers.startIndex..<handlers.startIndex
        while batch.upperBound < handlers.endIndex {
            batch = handlers.batch(from: batch.upperBound)
            halt.isCancelled = Task.isCancelled
            if batch.dropLast().contains(where: { handlers[$0].mustBeAwaited(on: isolation) }) {
                await runSideBySide(handlers[batch], isolation: isolation)
                continue
            }
            // At most the last handler suspends: awaiting it directly saves a task group.
            for index in batch {
                let handler = handlers[index]
                switch start(handler, on: isolation) {
                case .ended(let run): record(run, of: handler)
                case .suspends(let call, let body): record(await call.call(body, isolation: isolation), of: handler)
                case .noMatch: break
                }
            }
        }
    }

    /// Whether a handler of a gate has failed.
    var isVetoed: Bool { halt.hasFailedGate }

    /// Notes handlers that are not to start.
    mutating func skip(_ handlers: [RegisteredHandler], _ reason: HandlerResult.SkipReason) {
        for handler in handlers { record(HandlerRun(notStarted: .skipped(reason)), of: handler) }
    }

    /// Goes on with another event of the same type, as a fire of its own of which observers see the rest.
    mutating func goOn(with next: Fire) {
        if fire.isStopped { next.stop() }
        observation = observation?.goingOn(with: next)
        fire = next
    }

    /// Runs handlers none of which has to be awaited.
    mutating func runInPlace(_ handlers: [RegisteredHandler], isolation: (any Actor)?) {
        let stopwatch = begin()
        for handler in handlers {
            if case .ended(let run) = start(handler, on: isolation) { record(run, of: handler) }
        }
        finish(stopwatch)
    }

    /// What came of it.
    consuming func end() -> DispatchSummary { summary }

    /// Runs a batch whose handlers start in order and suspend side by side, and waits for all of them.
    private mutating func runSideBySide(
        _ batch: ArraySlice<RegisteredHandler>,
        isolation: isolated (any Actor)?
    ) async {
        let runs = HandlerRuns(count: batch.count)
        if batch.contains(where: { $0.options.contains(.failFast) }) {
            await withTaskGroup(of: Void.self) { group in
                start(batch, in: &group, runs, isolation: isolation)
                for await _ in group where hasFailedFast(batch) { group.cancelAll() }
            }
        } else {
            // Which takes a fifth of the time less, but does not tell when one of its tasks ends.
            await withDiscardingTaskGroup { group in start(batch, in: &group, runs, isolation: isolation) }
        }
        for (index, handler) in batch.enumerated() {
            if let run = runs[index] { record(run, of: handler) }
        }
    }

    /// Starts the handlers of a batch, those that suspend as tasks of a group.
    private mutating func start(
        _ batch: ArraySlice<RegisteredHandler>,
        in group: inout some HandlerGroup,
        _ runs: HandlerRuns,
        isolation: isolated (any Actor)?
    ) {
        for (index, handler) in batch.enumerated() {
            switch start(handler, on: isolation) {
            case .ended(let run):
                runs[index] = run
                if hasFailedFast(batch) { group.cancelAll() }
            case .suspends(let call, let body):
                group.addHandler(isolation: isolation) {
                    runs[index] = await call.call(body, isolation: #isolation)
                }
            case .noMatch: break
            }
        }
    }

    /// Whether a handler of a `.failFast` block has failed in the phase of a batch.
    private func hasFailedFast(_ batch: ArraySlice<RegisteredHandler>) -> Bool {
        batch.first.map { fire.hasFailedFast(inPhase: $0.order.phaseIndex) } ?? false
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
        let form = handler.form(on: isolation)
        if let result = halt.result(for: handler, form, fire) { return .ended(HandlerRun(notStarted: result)) }
        guard handler.isOwnerAlive else { return .ended(HandlerRun(notStarted: .skipped(.ownerGone))) }
        guard handler.beginRun() else { return .ended(HandlerRun(notStarted: .skipped(handler.haltReason))) }
        guard !handler.hasLimits || claims.claim(for: handler, of: fire.event) else {
            handler.subscription.runEnded()
            return .noMatch
        }
        let call = HandlerCall(of: handler, in: fire, observation)
        return switch form {
        case .inPlace(let body): .ended(call.callInPlace(body))
        case .suspending(let body): .suspends(call, body)
        }
    }

    func begin() -> Stopwatch? {
        observation?.tell { $0.fireStarted($1) }
        return fire.detail == .all ? Stopwatch(on: fire.dispatcher.clock) : nil
    }

    private mutating func record(_ run: HandlerRun, of handler: RegisteredHandler) {
        halt.note(run.result, of: handler)
        if handler.hasLimits, run.hasStarted { claims.noteStart(of: handler) }
        summary.matched += 1
        summary.record(run, of: handler, everything: fire.detail == .all)
    }

    mutating func finish(_ stopwatch: Stopwatch?) {
        for (limit, handler) in claims.settleBlocks(for: fire.event) {
            fire.dispatcher.registry.remove(limitedBy: limit, of: handler)
        }
        if let stopwatch { summary.note(stopwatch()) }
        if let observation {
            let report = summary.report(of: fire.event.eventType)
            if report.isUnhandled { observation.tell { $0.unhandled($1) } }
            observation.tell { $0.fireFinished($1, report: report) }
        }
    }
}
