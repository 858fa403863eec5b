import EventDispatch

/// What a random filter is made from: it can be evaluated without the library, printed, and made simpler.
indirect enum Recipe<Event: MatchableEvent> {
    case literal(Literal<Event>)
    case not(Recipe)
    case all([Recipe])
    case any([Recipe])

    /// How deep conditions are nested; 0 for a single one.
    var depth: Int {
        switch self {
        case .literal: 0
        case .not(let part): part.depth + 1
        case .all(let parts), .any(let parts): (parts.map(\.depth).max() ?? 0) + 1
        }
    }

    /// The library's filter, made with `&&`, `||` and `!`.
    var filter: Filter<Event> {
        switch self {
        case .literal(let literal): literal.filter
        case .not(let part): !part.filter
        case .all(let parts): parts.dropFirst().reduce(parts[0].filter) { $0 && $1.filter }
        case .any(let parts): parts.dropFirst().reduce(parts[0].filter) { $0 || $1.filter }
        }
    }

    /// Whether the recipe holds for an event, by what its literals say in plain Swift. All parts are asked, so that the
    /// histogram sees each.
    func holds(for event: Event, _ histogram: inout Histogram) -> Bool {
        let result: Bool
        let operation: Operator
        switch self {
        case .literal(let literal):
            (operation, result) = (literal.operation, literal.holds(event))
        case .not(let part):
            (operation, result) = (.not, !part.holds(for: event, &histogram))
        case .all(let parts):
            var failures = 0
            for part in parts where !part.holds(for: event, &histogram) { failures += 1 }
            (operation, result) = (.all, failures == 0)
        case .any(let parts):
            var successes = 0
            for part in parts where part.holds(for: event, &histogram) { successes += 1 }
            (operation, result) = (.any, successes > 0)
        }
        histogram.count(operation, result)
        return result
    }

    /// The recipe and all that it is made of.
    var parts: [Recipe] {
        switch self {
        case .literal: [self]
        case .not(let part): [self] + part.parts
        case .all(let parts), .any(let parts): [self] + parts.flatMap(\.parts)
        }
    }

    /// Recipes that are one step simpler, the simplest first.
    var simpler: [Recipe] {
        switch self {
        case .literal: []
        case .not(let part): [part] + part.simpler.map { .not($0) }
        case .all(let parts): parts + Self.simpler(parts).map { .all($0) }
        case .any(let parts): parts + Self.simpler(parts).map { .any($0) }
        }
    }

    private static func simpler(_ parts: [Recipe]) -> [[Recipe]] {
        var result: [[Recipe]] = []
        for index in parts.indices where parts.count > 1 {
            var fewer = parts
            fewer.remove(at: index)
            result.append(fewer)
        }
        for index in parts.indices {
            for part in parts[index].simpler {
                var changed = parts
                changed[index] = part
                result.append(changed)
            }
        }
        return result
    }
}

extension Recipe: CustomStringConvertible {
    var description: String {
        switch self {
        case .literal(let literal): literal.description
        case .not(let part): "not(\(part))"
        case .all(let parts): "all(\(parts.map(\.description).joined(separator: ", ")))"
        case .any(let parts): "any(\(parts.map(\.description).joined(separator: ", ")))"
        }
    }
}
