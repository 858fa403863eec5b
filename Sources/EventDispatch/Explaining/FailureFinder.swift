/// Finds out what an event lacks to fulfil a filter.
struct FailureFinder {
    typealias Part = AccessPlanner.Part

    let event: EventReference
    let values: KeyValues

    /// The first part that does not hold: of parts that have to hold together, those without closures are tried first, so that a
    /// closure is only asked when all that keys can say holds; alternatives fail as a whole. Nil when the filter holds.
    ///
    /// Of a filter that is known not to hold, a closure is not asked when nothing but it can be what failed.
    func failure(of filter: FilterNode, isKnownToFail: Bool) -> Part? {
        failure(of: filter, isNegated: false, isKnownToFail)
    }

    /// Of parts that have to hold together, how many don't, for a filter that does not hold. Closures count only when nothing else
    /// fails; alternatives count as one.
    func failureCount(of filter: FilterNode) -> Int { max(1, failureCount(of: filter, isNegated: false)) }

    private func failure(of node: FilterNode, isNegated: Bool, _ isKnownToFail: Bool) -> Part? {
        switch (node, isNegated) {
        case (.condition(let condition), _):
            return values.holds(condition) == isNegated ? Part(node: node, isNegated: isNegated) : nil
        case (.satisfying(let predicate), _):
            let fails = isKnownToFail || predicate.holds(for: event) == isNegated
            return fails ? Part(node: node, isNegated: isNegated) : nil
        case (.not(let node), _):
            return failure(of: node, isNegated: !isNegated, isKnownToFail)
        case (.all(let nodes), false), (.any(let nodes), true):
            return failure(amongAll: nodes, isNegated, isKnownToFail)
        case (.any(let nodes), false), (.all(let nodes), true):
            if nodes.count == 1 { return failure(of: nodes[0], isNegated: isNegated, isKnownToFail) }
            let fails = isKnownToFail || nodes.allSatisfy { failure(of: $0, isNegated: isNegated, false) != nil }
            return fails ? Part(node: node, isNegated: isNegated) : nil
        }
    }

    private func failure(amongAll nodes: [FilterNode], _ isNegated: Bool, _ isKnownToFail: Bool) -> Part? {
        let closures = nodes.count { $0.callsClosures }
        for node in nodes where closures == 0 || !node.callsClosures {
            if let part = failure(of: node, isNegated: isNegated, false) { return part }
        }
        guard closures > 0 else { return nil }
        var left = closures
        for node in nodes where node.callsClosures {
            left -= 1
            if let part = failure(of: node, isNegated: isNegated, isKnownToFail && left == 0) { return part }
        }
        return nil
    }

    private func failureCount(of node: FilterNode, isNegated: Bool) -> Int {
        switch (node, isNegated) {
        case (.not(let node), _): return failureCount(of: node, isNegated: !isNegated)
        case (.all(let nodes), false), (.any(let nodes), true):
            return nodes.reduce(0) { $0 + failureCount(of: $1, isNegated: isNegated) }
        case (.condition, _), (.satisfying, _), (.any, false), (.all, true):
            return node.callsClosures || failure(of: node, isNegated: isNegated, false) == nil ? 0 : 1
        }
    }
}
