/// A handler with all that the blocks around it say: what registration stores.
struct HandlerPlan<Event: MatchableEvent>: Sendable {
    let handler: HandlerDeclaration<Event>
    let phase: Event.Phases
    /// The place of the phase among the event's phases.
    let phaseIndex: Int
    let options: PhaseOptions
    /// Nil when the handler takes every event of its type.
    let filter: Filter<Event>?
    /// All limits that have to allow a start: those of the blocks around the handler, then its own.
    let limits: [PlannedLimit<Event>]
}
