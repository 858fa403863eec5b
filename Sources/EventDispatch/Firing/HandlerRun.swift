/// What came of one matched handler: its result, and its reply where it gave one.
struct HandlerRun: Sendable {
    let result: HandlerResult
    private(set) var reply: AnyReply?
    var duration: Duration?
    /// Whether the handler's closure was called.
    let hasStarted: Bool

    /// A handler that did not start.
    init(notStarted result: HandlerResult) {
        self.result = result
        hasStarted = false
    }

    /// A handler that started and did not end in time.
    init(timedOut stillRunning: Bool) {
        result = .timedOut(stillRunning: stillRunning)
        hasStarted = true
    }

    /// What a handler's closure returned.
    init(returned reply: HandlerReply) {
        switch reply {
        case .nothing: result = .succeeded
        case .value(let box):
            result = .succeeded
            self.reply = box
        case .ownerGone: result = .skipped(.ownerGone)
        case .unsubscribed: result = .skipped(.unsubscribed)
        case .muted: result = .skipped(.muted)
        case .cancelled: result = .cancelled
        }
        hasStarted = result.isSuccess
    }

    /// What a handler's closure threw. In a cancelled task a `CancellationError` tells of that cancellation; otherwise it is
    /// the handler's own failure.
    init(threw error: any Error) {
        result = error is CancellationError && Task.isCancelled ? .cancelled : .failed(error)
        hasStarted = true
    }

    /// Whether the handler overran its time-out and goes on by itself.
    var isLeftBehind: Bool {
        if case .timedOut(stillRunning: true) = result { true } else { false }
    }

    /// What becomes of the claims on the handler's limits.
    var claimEnd: ClaimEnd { hasStarted ? result.isSuccess ? .succeeded : .failed : .notStarted }
}

extension RegisteredHandler {
    /// Why the handler does not start while it is halted.
    var haltReason: HandlerResult.SkipReason { subscription.isCancelled ? .unsubscribed : .muted }

    /// Why the handler does not start for its owner; nil when it may.
    var ownerReason: HandlerResult.SkipReason? { ownerEnd.map { $0 == .ownerGone ? .ownerGone : .unsubscribed } }
}

extension HandlerOutcome {
    init(of run: HandlerRun, _ handler: RegisteredHandler) {
        self.init(
            handler: handler.label,
            phase: handler.phase.name,
            result: run.result,
            duration: run.duration,
            hasStarted: run.hasStarted,
            registration: handler.order.registration,
            group: handler.subscription.group,
            reply: run.reply
        )
    }
}
