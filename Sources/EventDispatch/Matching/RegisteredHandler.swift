/// A handler in the dispatcher's tables.
///
/// The tables and the fires under way share it; its captures are freed when the last of them lets go.
final class RegisteredHandler<Event: MatchableEvent>: Sendable {
    let plan: HandlerPlan<Event>
    let order: DispatchOrder
    let subscription: EventSubscription

    init(plan: HandlerPlan<Event>, registration: UInt64, subscription: EventSubscription) {
        self.plan = plan
        self.subscription = subscription
        order = DispatchOrder(
            phaseIndex: plan.phaseIndex,
            priority: plan.handler.priority,
            registration: registration
        )
    }

    /// Whether the filter holds for an event and the handler could start. May call users' closures and free owners.
    func matches(_ event: Event) -> Bool { canStart && plan.filter?.matches(event) ?? true }

    /// Whether nothing has ended the handler: cancellation, its owner's death, or its limits.
    var canStart: Bool { !subscription.isCancelled && isOwnerAlive && !isUsedUp }

    /// Whether the owner of a `weak:` handler is alive; true for a handler without owner.
    var isOwnerAlive: Bool { plan.handler.owner?.isAlive ?? true }

    /// Whether a limit leaves no start, ever.
    var isUsedUp: Bool { plan.limits.contains { $0.limit.isUsedUp } }

    /// How many starts the limits leave; nil without one that can tell.
    var startsLeft: Int? { plan.limits.compactMap(\.limit.remaining).min() }

    /// Whether a caller on the given actor, or on none, has to await the handler.
    func mustSuspend(on isolation: (any Actor)?) -> Bool {
        plan.handler.body.form(on: isolation).mustBeAwaited
    }

    var label: HandlerLabel { plan.handler.label }

    var phase: String { "\(plan.phase)" }
}
