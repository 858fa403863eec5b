/// What one block of `subscribe` declares, for whichever event.
public struct SubscriptionDeclaration: Sendable {
    let block: any EventBlock
}

/// The clauses of one block.
protocol EventBlock: Sendable {
    /// The handlers that the clauses declare, in their order, checked.
    func plans() throws(DispatchError) -> [HandlerPlan]
}

/// An `On` block.
struct OnBlock<Event: MatchableEvent>: EventBlock {
    let clauses: [ClauseDeclaration<Event>]

    func plans() throws(DispatchError) -> [HandlerPlan] {
        var planner = HandlerPlanner<Event>()
        try planner.add(clauses)
        return planner.plans
    }
}
