import EventDispatch
import ProgramSupport

/// Makes random recipes from the literals of some keys.
struct RecipeGenerator<Event: MatchableEvent> {
    let keys: [LiteralOffers<Event>]

    /// A recipe of exactly a depth: where it is deepest, no `all` stands in an `all` and no `any` in an `any`, which `&&` and
    /// `||` would make one of.
    func recipe(depth: Int, inside outer: Operator? = nil, using random: inout SplitMix64) -> Recipe<Event> {
        guard depth > 0 else { return .literal(random.pick(keys).literal(using: &random)) }
        let operation = operation(inside: outer, using: &random)
        var parts = [recipe(depth: depth - 1, inside: operation, using: &random)]
        if operation == .not { return .not(parts[0]) }
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            parts.append(recipe(depth: Int.random(in: 0...min(depth - 1, 1), using: &random), using: &random))
        }
        parts.shuffle(using: &random)
        return operation == .all ? .all(parts) : .any(parts)
    }

    /// A recipe of depth 2 with many parts: written out as alternatives, it has hundreds of them.
    func broadRecipe(using random: inout SplitMix64) -> Recipe<Event> {
        let isConjunction = random.oneIn(2)
        let parts = (0..<Int.random(in: 3...5, using: &random)).map { _ in
            let literals = (0..<Int.random(in: 2...5, using: &random)).map { _ in recipe(depth: 0, using: &random) }
            return isConjunction ? Recipe.any(literals) : .all(literals)
        }
        return isConjunction ? .all(parts) : .any(parts)
    }

    private func operation(inside outer: Operator?, using random: inout SplitMix64) -> Operator {
        let operations: [Operator] = [.not, .not, .all, .all, .all, .all, .any, .any, .any]
        let operation = random.pick(operations)
        guard operation == outer, operation != .not else { return operation }
        return operation == .all ? .any : .all
    }
}
