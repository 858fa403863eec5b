/// A limit of a handler, and whether it shares it with the others of a block.
struct PlannedLimit<Event: MatchableEvent>: Sendable {
    let limit: any FireLimit<Event>
    /// Whether the limit counts events rather than starts: one claim serves all handlers of the block.
    let isOfBlock: Bool
}
