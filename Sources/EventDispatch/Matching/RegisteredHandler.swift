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

    /// Whether nothing has ended the handler: cancellation, its owner's death, or its limit.
    var canStart: Bool {
        !subscription.isCancelled && (startsLeft ?? 1) > 0 && plan.handler.owner?.isAlive ?? true
    }

    /// Whether a caller on the given actor, or on none, has to await the handler.
    func mustSuspend(on isolation: (any Actor)?) -> Bool {
        if case .suspending = plan.handler.body.form(on: isolation) { true } else { false }
    }

    /// How many starts the limit leaves; nil without one.
    var startsLeft: Int? { limit?.remaining }

    /// What a request for a start gets.
    enum Permission { case granted, grantedForTheLastTime, usedUp, unsubscribed, ownerGone }

    /// Asks to start, right before the start. A granted start is taken from the limit.
    func requestStart() -> Permission {
        if subscription.isCancelled { return .unsubscribed }
        if plan.handler.owner?.isAlive == false { return .ownerGone }
        guard let limit else { return .granted }
        return switch limit.claim() {
        case .granted: .granted
        case .grantedTheLast: .grantedForTheLastTime
        case .refused: .usedUp
        }
    }
}
