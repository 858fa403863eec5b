/// A handler in the dispatcher's tables.
///
/// The tables and the fires under way share it; its captures are freed when the last of them lets go.
final class RegisteredHandler: Sendable {
    let plan: HandlerPlan
    let order: DispatchOrder
    let subscription: EventSubscription

    init(plan: HandlerPlan, registration: UInt64, subscription: EventSubscription) {
        self.plan = plan
        self.subscription = subscription
        order = DispatchOrder(
            phaseIndex: plan.phase.index,
            priority: plan.handler.priority,
            registration: registration
        )
    }

    /// Whether the filter holds for an event and the handler could start. May call users' closures and free owners.
    func matches(_ event: EventReference) -> Bool { canStart && plan.filter?.matches(event) ?? true }

    /// Whether nothing has ended the handler: cancellation, its owner's death, or its limits.
    var canStart: Bool { !subscription.isCancelled && isOwnerAlive && !isUsedUp }

    var owner: HandlerOwner? { plan.handler.owner }

    /// Whether the owner of a `weak:` handler is alive; true for a handler without owner.
    var isOwnerAlive: Bool { owner?.isAlive ?? true }

    /// Whether a limit leaves no start, ever.
    var isUsedUp: Bool { plan.limits.contains { $0.limit.isUsedUp } }

    /// How many starts the limits leave; nil without one that can tell.
    var startsLeft: Int? { plan.limits.compactMap(\.limit.remaining).min() }

    var body: HandlerBody { plan.handler.body }

    var label: HandlerLabel { plan.handler.label }
}
