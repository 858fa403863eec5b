/// What a clause declares, as data: the builder collects these, and registration turns them into handlers.
public struct ClauseDeclaration<Event: MatchableEvent>: Sendable {
    indirect enum Content: Sendable {
        case filter(Filter<Event>)
        case anyOf([ClauseDeclaration])
        case rule([ClauseDeclaration])
        case phase(Event.Phases, PhaseOptions, [ClauseDeclaration])
        case handler(HandlerDeclaration<Event>)
    }

    let content: Content
    let location: CallSite
    /// One budget for all handlers of a block.
    var limit: LimitDeclaration<Event>?
}
