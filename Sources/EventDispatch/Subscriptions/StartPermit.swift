/// What a handler asks that was sent to its actor, when it has arrived there: whether it may still start.
@usableFromInline
struct StartPermit: @unchecked Sendable {
    // Sound: the run of the handler, which asks, keeps both alive.
    private let handler: Unmanaged<RegisteredHandler>
    /// Nil for a handler without a time-out.
    private let decision: Unmanaged<StartDecision>?

    init(of handler: RegisteredHandler, _ decision: StartDecision? = nil) {
        self.handler = .passUnretained(handler)
        self.decision = decision.map { .passUnretained($0) }
    }

    /// Why the handler must not start; nil when it may, and has started with that.
    @usableFromInline
    var refusal: HandlerReply? {
        handler._withUnsafeGuaranteedRef { handler in
            if handler.isHalted { return handler.subscription.isCancelled ? .unsubscribed : .muted }
            switch handler.ownerEnd {
            case nil: break
            case .ownerGone: return .ownerGone
            case .cancelled, .usedUp: return .unsubscribed
            }
            if Task.isCancelled { return .cancelled }
            let hasStarted = decision?._withUnsafeGuaranteedRef { $0.start() } ?? true
            return hasStarted ? nil : .cancelled
        }
    }
}
