/// One fire on its way through the handlers that it matched.
struct DispatchRun: ~Copyable {
    private var starter: HandlerStarter
    private var summary = DispatchSummary()

    init(_ fire: Fire) { starter = HandlerStarter(fire) }

    private init(_ starter: HandlerStarter, _ summary: DispatchSummary) {
        self.starter = starter
        self.summary = summary
    }

    private var fire: Fire { starter.fire }

    /// Runs handlers that stand in dispatch order. The caller's isolation reaches the handlers that have none.
    mutating func run(_ handlers: [RegisteredHandler], isolation: isolated (any Actor)?) async {
        let stopwatch = begin()
        await runBatches(of: handlers, isolation: isolation)
        finish(stopwatch)
    }

    /// Runs handlers that stand in dispatch order, without the beginning and the end of the fire.
    mutating func runBatches(of handlers: [RegisteredHandler], isolation: isolated (any Actor)?) async {
        var batch = handlers.startIndex..<handlers.startIndex
        var phase: Int?
        while batch.upperBound < handlers.endIndex {
            batch = handlers.batch(from: batch.upperBound)
            if isTaskSpoiled { return await runInAnotherTask(handlers[batch.lowerBound...]) }
            if handlers[batch.lowerBound].order.phaseIndex != phase {
                phase = handlers[batch.lowerBound].order.phaseIndex
                starter.halt.isCancelled = Task.isCancelled
            }
            if batch.dropLast().contains(where: { handlers[$0].mustBeAwaited(on: isolation) }) {
                await runSideBySide(handlers[batch], isolation: isolation)
                continue
            }
            // At most the last handler suspends: awaiting it directly saves a task group.
            for index in batch {
                if isTaskSpoiled { return await runInAnotherTask(handlers[index...]) }
                let handler = handlers[index]
                switch starter.start(handler, on: isolation) {
                case .ended(let run): record(run, of: handler)
                case .awaits(let call): record(await call.call(isolation: isolation), of: handler)
                case .noMatch: break
                }
            }
        }
    }

    /// Whether a handler of a posted event has cancelled the task. That is nobody's, and so has to do with no other handler.
    private var isTaskSpoiled: Bool { fire.isPosted && Task.isCancelled }

    /// Goes on in a task that is not cancelled. Posted events have no isolation.
    private mutating func runInAnotherTask(_ handlers: ArraySlice<RegisteredHandler>) async {
        let (starter, summary) = (starter, summary)
        (self.starter, self.summary) = await Task {
            var run = DispatchRun(starter, summary)
            await run.runBatches(of: Array(handlers), isolation: nil)
            return (run.starter, run.summary)
        }.value
    }

    /// Whether a handler of a gate has failed.
    var isVetoed: Bool { starter.halt.hasFailedGate }

    /// Notes handlers that are not to start.
    mutating func refuse(_ handlers: [RegisteredHandler], _ refusal: Refusal) {
        for handler in handlers { record(HandlerCompletion(refused: refusal), of: handler) }
    }

    /// Goes on with another event of the same type, as a fire of its own of which observers see the rest.
    mutating func proceed(with next: Fire) {
        if fire.isStopped { next.stop() }
        starter.notifier = starter.notifier?.proceeding(with: next)
        starter.fire = next
    }

    /// Runs handlers in place. Those that have to be awaited do not start.
    mutating func runInPlace(_ handlers: [RegisteredHandler], isolation: (any Actor)?) {
        let stopwatch = begin()
        for handler in handlers {
            if handler.mustBeAwaited(on: isolation) {
                guard let refusal = starter.refusal(of: handler, mustBeAwaited: false) else { continue }
                record(HandlerCompletion(refused: refusal), of: handler)
            } else if case .ended(let run) = starter.start(handler, on: isolation) {
                record(run, of: handler)
            }
        }
        finish(stopwatch)
    }

    /// The summary of the fire.
    consuming func end() -> DispatchSummary { summary }

    /// Runs a batch whose handlers start in order and suspend side by side, and waits for all of them.
    private mutating func runSideBySide(
        _ batch: ArraySlice<RegisteredHandler>,
        isolation: isolated (any Actor)?
    ) async {
        let sideBySide = SideBySide(batch, starter)
        await sideBySide.run(isolation: isolation)
        starter = sideBySide.starter
        for (index, handler) in batch.enumerated() {
            if let run = sideBySide.runs[index] { record(run, of: handler) }
        }
    }

    func begin() -> Stopwatch? {
        starter.notifier?.tell { $0.fireStarted($1) }
        return fire.detail == .all ? Stopwatch(on: fire.dispatcher.clock) : nil
    }

    private mutating func record(_ run: HandlerCompletion, of handler: RegisteredHandler) {
        starter.halt.note(run.result, of: handler)
        if handler.hasLimits, run.hasStarted { starter.claims.noteStart(of: handler) }
        summary.noteMatch(of: handler)
        summary.record(run, of: handler, everything: fire.detail == .all)
    }

    mutating func finish(_ stopwatch: Stopwatch?) {
        for block in starter.claims.settleBlocks(for: fire.event) { fire.dispatcher.registry.removeUsedUp(block) }
        if let stopwatch { summary.note(stopwatch()) }
        if let notifier = starter.notifier {
            let report = summary.report(of: fire.event.eventType)
            if report.isUnhandled { notifier.tell { $0.unhandled($1) } }
            notifier.tell { $0.fireFinished($1, report: report) }
        }
    }
}

/// Reasons not to start the rest of a fire's handlers.
struct DispatchHalt {
    /// Whether the firing task had been cancelled when the batch began.
    var isCancelled = false
    /// The phase from which on a failed gate keeps handlers from starting.
    private var skippedFrom: Int?

    /// Whether a handler of a gate has failed.
    var hasFailedGate: Bool { skippedFrom != nil }

    /// Notes how a handler ended.
    mutating func note(_ result: HandlerResult, of handler: RegisteredHandler) {
        if skippedFrom == nil, result.isFailure { skippedFrom = handler.phase.failureSkipsFrom }
    }

    /// Why a handler must not start; nil when nothing in the fire keeps it from starting.
    func refusal(of handler: RegisteredHandler, mustBeAwaited: Bool, _ fire: Fire) -> Refusal? {
        if fire.isStopped { return .fireStopped }
        if let skippedFrom, handler.order.phaseIndex >= skippedFrom { return .gateFailed }
        if fire.hasFailedFast(inPhase: handler.order.phaseIndex) { return .failedFast }
        if isCancelled || mustBeAwaited && Task.isCancelled { return .cancelled }
        return nil
    }
}

/// Divides matched handlers, in dispatch order, into batches: the handlers of one batch start side by side, and all of
/// them have an outcome before the next batch starts.
///
/// A phase is a batch; inside one, each handler that is declared `.serial` or `.reversed` begins another.
extension [RegisteredHandler] {
    /// The batch that begins at an index.
    func batch(from start: Index) -> Range<Index> {
        let phase = self[start].order.phaseIndex
        var end = start + 1
        while end < endIndex, self[end].order.phaseIndex == phase, !self[end].isSerial { end += 1 }
        return start..<end
    }
}

/// Starts the handlers of a fire, if they may start.
struct HandlerStarter {
    var fire: Fire
    var notifier: ObserverNotifier?
    var claims = LimitClaims()
    var halt = DispatchHalt()

    init(_ fire: Fire) {
        self.fire = fire
        notifier = ObserverNotifier.of(fire)
    }

    /// Starts a handler, if it may start: checked at the last moment, after all that ran before it.
    ///
    /// - Parameter inChild: whether a handler that could run in place is to be called in a child task as well.
    mutating func start(
        _ handler: RegisteredHandler,
        on isolation: (any Actor)?,
        inChild: Bool = false
    ) -> HandlerStart {
        let mustBeAwaited = handler.mustBeAwaited(on: isolation)
        if let refusal = refusal(of: handler, mustBeAwaited: mustBeAwaited) {
            return .ended(HandlerCompletion(refused: refusal))
        }
        guard handler.beginRun() else { return .ended(HandlerCompletion(refused: handler.haltRefusal)) }
        let claim = handler.notesStarts ? ClaimID.next() : .any
        guard !handler.hasLimits || claims.claim(claim, for: handler, of: fire.event) else {
            handler.subscription.runEnded()
            return .noMatch
        }
        let call = HandlerCall(of: handler, claim, in: fire, notifier)
        return mustBeAwaited || inChild ? .awaits(call) : .ended(call.callInPlace(on: isolation))
    }

    /// Why a handler must not start; nil when it may, its limits apart.
    func refusal(of handler: RegisteredHandler, mustBeAwaited: Bool) -> Refusal? {
        halt.refusal(of: handler, mustBeAwaited: mustBeAwaited, fire) ?? handler.refusal
    }
}

/// How far a handler comes without suspending.
enum HandlerStart {
    case ended(HandlerCompletion)
    /// Its run has begun, and it is to be called and awaited.
    case awaits(HandlerCall)
    /// Other events used its limit up.
    case noMatch
}
