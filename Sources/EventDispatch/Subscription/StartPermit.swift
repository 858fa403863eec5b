/// What a handler asks that was sent to its actor, when it has arrived there: whether it may still start.
@usableFromInline
struct StartPermit: @unchecked Sendable {
    // Sound: the run of the handler, which asks, keeps it alive.
    private let handler: Unmanaged<RegisteredHandler>

    init(of handler: RegisteredHandler) { self.handler = .passUnretained(handler) }

    /// Why the handler must not start; nil when it may.
    @usableFromInline
    var refusal: HandlerReply? {
        handler._withUnsafeGuaranteedRef { handler in
            if handler.isHalted { return handler.subscription.isCancelled ? .unsubscribed : .muted }
            switch handler.ownerEnd {
            case nil: return Task.isCancelled ? .cancelled : nil
            case .ownerGone: return .ownerGone
            case .cancelled, .usedUp: return .unsubscribed
            }
        }
    }
}
