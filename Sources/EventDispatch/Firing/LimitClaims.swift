/// The claims of one fire on limits. One claim on the limit of a block serves all handlers of the block.
struct LimitClaims {
    private struct BlockClaim {
        let limit: any FireLimit
        let block: LimitedBlock
        var hasStarted = false
    }

    private var claims: [BlockClaim] = []
    /// Where the claim of a block stands.
    private var places: [ObjectIdentifier: Int] = [:]

    private func place(of block: LimitedBlock) -> Int? { places[ObjectIdentifier(block)] }

    /// Claims a start from every limit of a handler, or from none.
    ///
    /// While a claim that will be given back is under way, another event may find the limit without a start.
    mutating func claim(for handler: RegisteredHandler, of event: EventReference) -> Bool {
        var claimed: [PlannedLimit] = []
        for planned in handler.limits where planned.block.flatMap(place(of:)) == nil {
            guard planned.limit.claim(for: event) else {
                for planned in claimed { _ = planned.limit.settle(.notStarted, for: event) }
                return false
            }
            claimed.append(planned)
        }
        for planned in claimed {
            guard let block = planned.block else { continue }
            places[ObjectIdentifier(block)] = claims.count
            claims.append(BlockClaim(limit: planned.limit, block: block))
        }
        return true
    }

    /// Notes that a handler has started, and so uses the claims on its blocks up.
    mutating func noteStart(of handler: RegisteredHandler) {
        for planned in handler.limits {
            if let place = planned.block.flatMap(place(of:)) { claims[place].hasStarted = true }
        }
    }

    /// Settles the claims on blocks, at the end of the fire. Returns the blocks whose limits are used up.
    mutating func settleBlocks(for event: EventReference) -> [LimitedBlock] {
        claims.filter { $0.limit.settle($0.hasStarted ? .succeeded : .notStarted, for: event) }.map(\.block)
    }
}
