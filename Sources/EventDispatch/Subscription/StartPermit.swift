/// What a handler asks that was sent to its actor, when it has arrived there: whether it may still start.
@usableFromInline
struct StartPermit: Sendable {
    let subscription: EventSubscription

    /// Why the handler must not start; nil when it may.
    @usableFromInline
    var refusal: HandlerReply? {
        if subscription.isHalted { return subscription.isCancelled ? .unsubscribed : .muted }
        return Task.isCancelled ? .cancelled : nil
    }
}
