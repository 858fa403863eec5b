/// Counts what kept handlers from matching.
struct ObstacleTally {
    /// What kept a handler from matching.
    enum Cause: Hashable {
        case condition(FailedPart)
        case other(MatchObstacle.Reason)
    }

    private struct Count {
        var handlers = 0
        let first: RegisteredHandler
    }

    /// The most obstacles that an explanation tells apart.
    private static let mostTold = 20

    private var counts: [Cause: Count] = [:]
    private var handlers = 0

    /// Notes a handler; those that were registered first are noted first.
    mutating func note(_ cause: Cause, of handler: RegisteredHandler) {
        handlers += 1
        counts[cause, default: Count(first: handler)].handlers += 1
    }

    /// Adds the obstacles that kept most handlers, most frequent first, and how many there are beside them.
    func tell(_ explanation: inout MatchExplanation, _ values: KeyValues) {
        let leaders = leaders
        explanation.obstacles += leaders.map { Self.obstacle($0.key, $0.value, values) }
        explanation.furtherObstacles = counts.count - leaders.count
        explanation.furtherHandlers = handlers - leaders.reduce(0) { $0 + $1.value.handlers }
    }

    private static func obstacle(_ cause: Cause, _ count: Count, _ values: KeyValues) -> MatchObstacle {
        switch cause {
        case .other(let reason):
            MatchObstacle(reason: reason, handlers: count.handlers, first: count.first.label)
        case .condition(let part):
            MatchObstacle(
                reason: .condition,
                condition: shortSource(part.source, SourceLength.filter),
                value: part.onlyCondition.map { shortSource(values.source(for: $0), SourceLength.value) },
                handlers: count.handlers,
                first: count.first.label
            )
        }
    }

    private var leaders: [(key: Cause, value: Count)] {
        var leaders: [(key: Cause, value: Count)] = []
        for entry in counts {
            if leaders.count == Self.mostTold {
                guard let last = leaders.last, Self.precedes(entry.value, last.value) else { continue }
                leaders.removeLast()
            }
            leaders.insert(entry, at: leaders.firstIndex { Self.precedes(entry.value, $0.value) } ?? leaders.endIndex)
        }
        return leaders
    }

    private static func precedes(_ left: Count, _ right: Count) -> Bool {
        (right.handlers, left.first.order.registration) < (left.handlers, right.first.order.registration)
    }
}
