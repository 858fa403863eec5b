/// What keeps the handlers of a fire that have not started from starting.
struct DispatchHalt {
    /// Whether the firing task had been cancelled when the batch began.
    var isCancelled = false
    private var failedGate: Int?

    /// Whether a handler of a gate has failed.
    var hasFailedGate: Bool { failedGate != nil }

    /// Notes how a handler ended.
    mutating func note(_ result: HandlerResult, of handler: RegisteredHandler) {
        if failedGate == nil, result.isFailure, handler.phase.isGate { failedGate = handler.order.phaseIndex }
    }

    /// The result of a handler that must not start; nil when nothing keeps it from starting.
    func result(
        for handler: RegisteredHandler,
        isAwaited: Bool,
        _ fire: Fire
    ) -> HandlerResult? {
        if fire.isStopped { return .skipped(.fireStopped) }
        if let failedGate, handler.order.phaseIndex > failedGate { return .skipped(.gateFailed) }
        if fire.hasFailedFast(inPhase: handler.order.phaseIndex) { return .skipped(.failedFast) }
        if isCancelled || isAwaited && Task.isCancelled { return .cancelled }
        return nil
    }
}
