/// What one block of `subscribe` declares, for whichever event.
public struct SubscriptionDeclaration: Sendable {
    /// The event's main phase, where handlers outside any `Phase` run.
    let mainPhase: PlannedPhase
    let block: ClauseDeclaration
    /// For handlers of any event: which types they are for.
    var anyEvent: AnyEventPlan?
}
