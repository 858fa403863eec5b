/// What keeps the handlers of a fire that have not started from starting.
struct DispatchHalt {
    /// Whether the firing task had been cancelled when the batch began.
    var isCancelled = false
    private var failedGate: Int?
    private var phaseFailedFast: Int?

    /// Notes how a handler ended. Returns whether the rest of its phase is to be cancelled.
    @discardableResult
    mutating func note<Event>(_ result: HandlerResult, of plan: HandlerPlan<Event>) -> Bool {
        guard result.isFailure else { return false }
        if plan.phase.isGate, failedGate == nil { failedGate = plan.phaseIndex }
        guard plan.options.contains(.failFast) else { return false }
        phaseFailedFast = plan.phaseIndex
        return true
    }

    /// The result of a handler that must not start; nil when nothing keeps it from starting.
    func result<Event>(
        for plan: HandlerPlan<Event>,
        _ form: HandlerBody<Event>.Form,
        _ frame: DispatchFrame
    ) -> HandlerResult? {
        if frame.isStopped { return .skipped(.stopped) }
        if let failedGate, plan.phaseIndex > failedGate { return .skipped(.gateFailed) }
        if phaseFailedFast == plan.phaseIndex { return .skipped(.failedFast) }
        if isCancelled || form.mustBeAwaited && Task.isCancelled { return .cancelled }
        return nil
    }
}
