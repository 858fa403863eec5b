/// A handler in the dispatcher's tables.
///
/// The tables and the fires under way share it; its captures are freed when the last of them lets go.
final class RegisteredHandler: Sendable {
    let plan: HandlerPlan
    let order: DispatchOrder
    let subscription: EventSubscription

    // Of the plan, what every fire asks for.
    let body: HandlerBody
    let filter: (any EventFilter)?
    let owner: HandlerOwner?
    let hasLimits: Bool
    let isSerial: Bool

    init(plan: HandlerPlan, registration: UInt64, subscription: EventSubscription) {
        self.plan = plan
        self.subscription = subscription
        body = plan.handler.body
        filter = plan.filter
        owner = plan.handler.owner
        hasLimits = !plan.limits.isEmpty
        isSerial = plan.options.contains(.serial)
        order = DispatchOrder(
            phaseIndex: plan.phase.index,
            priority: plan.handler.priority,
            registration: registration
        )
    }

    /// Whether the filter holds for an event and the handler could start. May call users' closures and free owners.
    func matches(_ event: EventReference) -> Bool { canStart && filter?.matches(event) ?? true }

    /// Whether nothing has ended the handler: cancellation, its owner's death, or its limits.
    var canStart: Bool { !subscription.isCancelled && isOwnerAlive && !isUsedUp }

    /// Whether the owner of a `weak:` handler is alive; true for a handler without owner.
    var isOwnerAlive: Bool { owner?.isAlive ?? true }

    /// Whether a limit leaves no start, ever.
    var isUsedUp: Bool { hasLimits && plan.limits.contains { $0.limit.isUsedUp } }

    /// How many starts the limits leave; nil without one that can tell.
    var startsLeft: Int? { plan.limits.compactMap(\.limit.remaining).min() }

    var label: HandlerLabel { plan.handler.label }
}
