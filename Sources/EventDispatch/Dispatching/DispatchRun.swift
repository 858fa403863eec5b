/// One fire on its way through the handlers that it matched.
struct DispatchRun<Event: MatchableEvent> {
    private let event: Event
    private let state: DispatcherState
    private let stopwatch: Stopwatch
    private let elapsed: (@Sendable () -> Duration)?
    private var report = DispatchReport<Event>()
    /// Whether the firing task had been cancelled when the batch began.
    private var isCancelled = false

    init(event: Event, state: DispatcherState, stopwatch: Stopwatch) {
        self.event = event
        self.state = state
        self.stopwatch = stopwatch
        elapsed = stopwatch.startMeasuring()
    }

    /// Runs handlers that stand in dispatch order. The caller's isolation reaches the handlers that have none.
    mutating func run(_ handlers: [RegisteredHandler<Event>], isolation: isolated (any Actor)?) async {
        for batch in HandlerBatches(handlers) {
            isCancelled = Task.isCancelled
            if batch.dropLast().contains(where: { $0.mustSuspend(on: isolation) }) {
                await runSideBySide(batch, isolation: isolation)
            } else {
                await runInTurn(batch, isolation: isolation)
            }
        }
    }

    /// Runs handlers none of which has to be awaited.
    mutating func runInPlace(_ handlers: [RegisteredHandler<Event>], isolation: (any Actor)?) {
        for handler in handlers {
            if case .ended(let run) = start(handler, on: isolation) { record(run, of: handler) }
        }
    }

    /// The report, when all have run.
    consuming func finish() -> DispatchReport<Event> {
        report.duration = elapsed?()
        return report
    }

    /// Runs a batch in which at most the last handler suspends: awaiting it directly saves a task group.
    private mutating func runInTurn(
        _ batch: ArraySlice<RegisteredHandler<Event>>,
        isolation: isolated (any Actor)?
    ) async {
        for handler in batch {
            switch start(handler, on: isolation) {
            case .ended(let run): record(run, of: handler)
            case .suspends(let body): record(await HandlerRun.awaiting(body, with: event, stopwatch), of: handler)
            case .noMatch: break
            }
        }
    }

    /// Runs a batch whose handlers start in order and suspend side by side, and waits for all of them.
    private mutating func runSideBySide(
        _ batch: ArraySlice<RegisteredHandler<Event>>,
        isolation: isolated (any Actor)?
    ) async {
        var runs: [Int: HandlerRun<Event>] = [:]
        let (event, stopwatch) = (event, stopwatch)
        await withTaskGroup(of: (Int, HandlerRun<Event>).self) { group in
            for (index, handler) in zip(batch.indices, batch) {
                switch start(handler, on: isolation) {
                case .ended(let run): runs[index] = run
                case .suspends(let body):
                    group.addHandler(isolation: isolation) {
                        (index, await HandlerRun.awaiting(body, with: event, stopwatch))
                    }
                case .noMatch: break
                }
            }
            for await (index, run) in group { runs[index] = run }
        }
        for (index, handler) in zip(batch.indices, batch) {
            if let run = runs[index] { record(run, of: handler) }
        }
    }

    /// How far a handler comes without suspending.
    private enum Start {
        case ended(HandlerRun<Event>)
        case suspends(HandlerBody<Event>.Asynchronous)
        /// Another event used its limit up.
        case noMatch
    }

    /// Starts a handler, if it may start: checked at the last moment, after all that ran before it.
    private func start(_ handler: RegisteredHandler<Event>, on isolation: (any Actor)?) -> Start {
        switch handler.obstacle {
        case nil: break
        case .usedUp: return .noMatch
        case .unsubscribed: return .ended(.init(notStarted: .skipped(.unsubscribed)))
        case .ownerGone:
            state.remove(handler)
            return .ended(.init(notStarted: .skipped(.ownerGone)))
        }
        let form = handler.plan.handler.body.form(on: isolation)
        if isCancelled || form.mustBeAwaited && Task.isCancelled { return .ended(.init(notStarted: .cancelled)) }
        switch handler.claimStart() {
        case .granted: break
        case .grantedTheLast: state.remove(handler)
        case .refused: return .noMatch
        }
        return switch form {
        case .inPlace(let body): .ended(HandlerRun.calling(body, with: event, stopwatch))
        case .suspending(let body): .suspends(body)
        }
    }

    private mutating func record(_ run: HandlerRun<Event>, of handler: RegisteredHandler<Event>) {
        report.matched += 1
        if case .succeeded = run.result {
            report.succeeded += 1
            if Event.Reply.self != Void.self, let reply = run.reply { report.replies.append(reply) }
            guard stopwatch.isRunning else { return }
        }
        report.outcomes.append(
            HandlerOutcome(
                handler: handler.plan.handler.label,
                phase: "\(handler.plan.phase)",
                result: run.result,
                duration: run.duration
            )
        )
    }
}

extension TaskGroup {
    /// Adds a child that runs on the given isolation, and runs it to its first suspension before returning where the
    /// system can do that.
    ///
    /// Naming the isolation inside the child's closure is what makes the child inherit it. A capture list on the
    /// operation would make it lose the isolation again (Swift 6.3.1).
    fileprivate mutating func addHandler(
        isolation: isolated (any Actor)?,
        _ operation: nonisolated(nonsending) @escaping @Sendable () async -> ChildTaskResult
    ) {
        if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
            addImmediateTask {
                _ = isolation
                return await operation()
            }
        } else {
            addTask {
                _ = isolation
                return await operation()
            }
        }
    }
}
