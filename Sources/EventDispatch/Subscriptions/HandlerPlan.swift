/// A handler with all that the blocks around it say: what registration stores, whatever the event.
final class HandlerPlan: Sendable {
    let handler: HandlerDeclaration
    let phase: PlannedPhase
    let options: PhaseOptions
    /// Nil when the handler takes every event of its type.
    let filter: FilterNode?
    /// All limits that have to allow a start: those of the blocks around the handler, then its own.
    let limits: [PlannedLimit]
    /// For a handler of any event: which types it is for.
    let anyEvent: AnyEventPlan?

    init(
        handler: HandlerDeclaration,
        phase: PlannedPhase,
        options: PhaseOptions,
        filter: FilterNode?,
        limits: [PlannedLimit],
        anyEvent: AnyEventPlan? = nil
    ) {
        self.handler = handler
        self.phase = phase
        self.options = options
        self.filter = filter
        self.limits = limits
        self.anyEvent = anyEvent
    }
}
