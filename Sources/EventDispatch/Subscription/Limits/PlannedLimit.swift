/// A limit of a handler, and whether it shares it with the others of a block.
struct PlannedLimit: Sendable {
    let limit: any FireLimit
    /// Whether the limit counts events rather than starts: one claim serves all handlers of the block.
    let isOfBlock: Bool
}
