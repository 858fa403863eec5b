/// The claims of one fire on the limits of blocks: one claim serves all handlers of a block.
struct LimitClaims {
    private var blocks: [any FireLimit] = []

    /// Claims a start from every limit of a handler, or from none. Returns those that it claimed from, or nil.
    mutating func claim(_ limits: [PlannedLimit], for event: EventReference) -> [PlannedLimit]? {
        var claimed: [PlannedLimit] = []
        for planned in limits where !(planned.isOfBlock && blocks.contains { $0 === planned.limit }) {
            guard planned.limit.claim(for: event) else {
                for planned in claimed { planned.limit.giveBack(for: event) }
                return nil
            }
            claimed.append(planned)
        }
        blocks += claimed.filter(\.isOfBlock).map(\.limit)
        return claimed
    }
}
