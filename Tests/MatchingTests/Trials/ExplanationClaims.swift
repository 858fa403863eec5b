import EventDispatch

/// What explanations may say of the conditions of blocks: the text of each, and whether it holds for an event, in plain Swift.
struct ExplanationClaims<Event: RecipeSource> {
    private struct Claim {
        let recipe: Recipe<Event>
        let isNegated: Bool
    }

    /// Also of blocks that are gone: filters with equal conditions share them.
    private var claims: [String: [Claim]] = [:]

    /// Notes all parts of a block's condition.
    mutating func add(_ block: BlockRecipe<Event>) {
        for part in block.recipe?.parts ?? [] {
            let filter = "\(part.filter)"
            claims[cut(filter), default: []].append(Claim(recipe: part, isNegated: false))
            claims[cut("\(!part.filter)"), default: []].append(Claim(recipe: part, isNegated: true))
            // What is negated twice is told as it stands inside.
            if let inside = part.inside {
                claims[cut(inside), default: []].append(Claim(recipe: part, isNegated: true))
            }
        }
    }

    /// Whether a condition that an explanation names fails for an event; nil for one that no block has.
    func fails(_ condition: String, for event: Event) -> Bool? {
        var histogram = Histogram()
        return claims[condition]?.contains { $0.recipe.holds(for: event, &histogram) == $0.isNegated }
    }

    /// A filter's text, as an explanation cuts it.
    private func cut(_ text: String) -> String {
        let scalars = text.unicodeScalars
        return scalars.count <= 200 ? text : String(Substring(scalars.prefix(200))) + "…"
    }
}

extension Recipe {
    /// The text of what a literal that is a negation negates.
    fileprivate var inside: String? {
        guard case .literal(let literal) = self else { return nil }
        switch literal.operation {
        case .isNot, .exists: return "\(filter)".replacing(" != ", with: " == ", maxReplacements: 1)
        case .notInArray, .notInSet, .notInRange, .notInOptionalRange:
            return "\(filter)".replacing(" not in ", with: " in ", maxReplacements: 1)
        default: return nil
        }
    }
}

extension EventModel {
    /// How an explanation is wrong; nil when it is right.
    ///
    /// - Parameters:
    ///   - reached: whom the event reaches.
    ///   - subscription: whose handlers are explained; nil for all.
    ///   - muted: the subscription that is muted.
    func problem(
        with explanation: MatchExplanation,
        of event: Event,
        _ reached: [Int],
        among subscription: Int? = nil,
        muted: Int? = nil
    ) -> String? {
        let handlers = handlers(of: subscription)
        let mutedHandlers = muted.map { self.handlers(of: $0) } ?? []
        let expected = reached.filter { handlers.contains($0) && !mutedHandlers.contains($0) }
        let matched = explanation.matched.compactMap { Int($0.handler.name) }
        let here = explanation.obstacles.filter { $0.first != nil }
        let kept = here.reduce(explanation.furtherHandlers) { $0 + $1.handlers }
        let ofMuting = here.filter { $0.reason == .muted }.reduce(0) { $0 + $1.handlers }
        guard explanation.handlers == handlers.count, matched == expected, kept == handlers.count - expected.count,
            ofMuting == mutedHandlers.count
        else {
            return """
                \(handlers.count) handlers, \(mutedHandlers.count) of them muted, reached \(expected)
                \(explanation)
                """
        }
        for obstacle in here where obstacle.reason != .muted {
            guard let condition = obstacle.condition, claims.fails(condition, for: event) == true else {
                return "\(obstacle), but that did not fail"
            }
        }
        return nil
    }
}
