/// What one block of `subscribe` declares, for whichever event.
public struct SubscriptionDeclaration: Sendable {
    let block: any EventBlock
}

/// The clauses of one `On` block.
protocol EventBlock<Event>: Sendable {
    associatedtype Event: MatchableEvent

    /// The handlers that the clauses declare, in their order.
    func plans() throws(DispatchError) -> [HandlerPlan<Event>]
}

/// An `On` block.
struct OnBlock<Event: MatchableEvent>: EventBlock {
    let clauses: [ClauseDeclaration<Event>]

    func plans() throws(DispatchError) -> [HandlerPlan<Event>] {
        var planner = HandlerPlanner<Event>()
        try planner.add(clauses)
        return planner.plans
    }
}
