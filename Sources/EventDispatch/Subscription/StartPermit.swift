/// What a handler asks that was sent to its actor, when it has arrived there: whether it may still start.
@usableFromInline
struct StartPermit: @unchecked Sendable {
    // Sound: the run of the handler, which asks, keeps the subscription alive.
    private let subscription: Unmanaged<EventSubscription>

    init(of subscription: EventSubscription) { self.subscription = .passUnretained(subscription) }

    /// Why the handler must not start; nil when it may.
    @usableFromInline
    var refusal: HandlerReply? {
        subscription._withUnsafeGuaranteedRef { subscription in
            if subscription.isHalted { return subscription.isCancelled ? .unsubscribed : .muted }
            return Task.isCancelled ? .cancelled : nil
        }
    }
}
