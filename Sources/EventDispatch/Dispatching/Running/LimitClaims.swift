/// The claims of one fire on limits. One claim on the limit of a block serves all handlers of the block.
struct LimitClaims {
    private struct BlockClaim {
        let planned: PlannedLimit
        /// A handler of the block.
        let handler: RegisteredHandler
        var hasStarted = false
    }

    private var blocks: [BlockClaim] = []

    /// Claims a start from every limit of a handler, or from none.
    ///
    /// While a claim that will be given back is under way, another event may find the limit without a start.
    mutating func claim(for handler: RegisteredHandler, of event: EventReference) -> Bool {
        var claimed: [PlannedLimit] = []
        for planned in handler.limits
        where !(planned.isOfBlock && blocks.contains { $0.planned.limit === planned.limit }) {
            guard planned.limit.claim(for: event) else {
                for planned in claimed { _ = planned.limit.settle(.notStarted, for: event) }
                return false
            }
            claimed.append(planned)
        }
        blocks += claimed.filter(\.isOfBlock).map { BlockClaim(planned: $0, handler: handler) }
        return true
    }

    /// Notes that a handler has started, and so uses the claims on its blocks up.
    mutating func noteStart(of handler: RegisteredHandler) {
        for index in blocks.indices where handler.limits.contains(where: { $0.limit === blocks[index].planned.limit }) {
            blocks[index].hasStarted = true
        }
    }

    /// Settles the claims on blocks, at the end of the fire. Returns the limits that are used up.
    mutating func settleBlocks(for event: EventReference) -> [(PlannedLimit, of: RegisteredHandler)] {
        blocks.filter { $0.planned.limit.settle($0.hasStarted ? .succeeded : .notStarted, for: event) }
            .map { ($0.planned, of: $0.handler) }
    }
}
