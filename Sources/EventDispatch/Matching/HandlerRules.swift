/// What may keep a handler from starting or end it: apart, because most handlers have none of it.
final class HandlerRules: Sendable {
    let limits: [PlannedLimit]
    let owner: HandlerOwner?
    let timeout: Duration?

    /// Nil for a handler without limits, owner and time-out.
    init?(_ plan: HandlerPlan) {
        guard !plan.limits.isEmpty || plan.handler.owner != nil || plan.handler.timeout != nil else { return nil }
        limits = plan.limits
        owner = plan.handler.owner
        timeout = plan.handler.timeout?.duration
    }

    var isOwnerAlive: Bool { owner?.isAlive ?? true }

    /// Whether a limit leaves no start, ever.
    var isUsedUp: Bool { limits.contains { $0.limit.isUsedUp } }
}
