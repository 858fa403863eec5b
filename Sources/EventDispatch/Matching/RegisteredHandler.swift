/// A handler in the dispatcher's tables.
///
/// The tables and the fires under way share it; its captures are freed when the last of them lets go.
final class RegisteredHandler<Event: MatchableEvent>: Sendable {
    let plan: HandlerPlan<Event>
    let order: DispatchOrder
    let subscription: EventSubscription
    private let limit: FireLimit?

    init(plan: HandlerPlan<Event>, registration: UInt64, subscription: EventSubscription) {
        self.plan = plan
        self.subscription = subscription
        order = DispatchOrder(
            phaseIndex: plan.phaseIndex,
            priority: plan.handler.priority,
            registration: registration
        )
        limit = plan.handler.limit.map { FireLimit($0.count) }
    }

    /// Whether the filter holds for an event and the handler could start.
    func matches(_ event: Event) -> Bool { canStart && plan.filter?.matches(event) ?? true }

    /// What keeps a handler from starting.
    enum Obstacle { case unsubscribed, ownerGone, usedUp }

    /// What keeps the handler from starting now, if anything does.
    var obstacle: Obstacle? {
        if subscription.isCancelled { return .unsubscribed }
        if plan.handler.owner?.isAlive == false { return .ownerGone }
        return startsLeft == 0 ? .usedUp : nil
    }

    /// Whether nothing keeps the handler from starting.
    var canStart: Bool { obstacle == nil }

    /// Takes one start from the limit. Without a limit there is always another.
    func claimStart() -> FireLimit.Claim { limit?.claim() ?? .granted }

    /// Whether a caller on the given actor, or on none, has to await the handler.
    func mustSuspend(on isolation: (any Actor)?) -> Bool {
        plan.handler.body.form(on: isolation).mustBeAwaited
    }

    /// How many starts the limit leaves; nil without one.
    var startsLeft: Int? { limit?.remaining }
}
