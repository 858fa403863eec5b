import EventDispatch

/// A block of a subscription: a filter, if any, and the handlers behind it.
struct BlockRecipe<Event: RecipeSource> {
    /// How the filter is written down.
    enum Style: Sendable {
        /// One condition, of operators.
        case line
        /// A line for each part of an `all`, `AnyOf` for an `any`, `Rule` for an `all` in it.
        case lines
    }

    var recipe: Recipe<Event>?
    var handlers: [HandlerRecipe<Event>]
    var style = Style.line

    var depth: Int { recipe?.depth ?? 0 }

    /// The block, with handlers that note their IDs.
    func declaration(_ journal: MatchJournal) -> On<Event> {
        On(Event.self) {
            for line in lines {
                if line.count == 1 && line[0].count == 1 {
                    Where(line[0][0])
                } else {
                    AnyOf {
                        for alternative in line {
                            if alternative.count == 1 {
                                Where(alternative[0])
                            } else {
                                Rule { for filter in alternative { Where(filter) } }
                            }
                        }
                    }
                }
            }
            for handler in handlers {
                Phase(handler.phase, handler.isReversed ? .reversed : []) { handler.declaration(journal) }
            }
        }
    }

    /// Lines that have to hold together, each made of alternatives, each made of conditions that have to hold together.
    private var lines: [[[Filter<Event>]]] {
        guard let recipe else { return [] }
        guard style == .lines else { return [[[recipe.filter]]] }
        return recipe.conjuncts.map { line in line.disjuncts.map { $0.conjuncts.map(\.filter) } }
    }

    /// Blocks that are one step simpler.
    var simpler: [BlockRecipe] {
        var result: [BlockRecipe] = []
        func add(_ change: (inout BlockRecipe) -> Void) {
            var copy = self
            change(&copy)
            result.append(copy)
        }
        if recipe != nil { add { $0.recipe = nil } }
        for index in handlers.indices where handlers.count > 1 { add { $0.handlers.remove(at: index) } }
        if style == .lines { add { $0.style = .line } }
        for index in handlers.indices {
            if handlers[index].limit != nil { add { $0.handlers[index].limit = nil } }
            if handlers[index].priority != 0 { add { $0.handlers[index].priority = 0 } }
            if handlers[index].isReversed { add { $0.handlers[index].isReversed = false } }
            if handlers[index].phase != .main { add { $0.handlers[index].phase = .main } }
        }
        for recipe in recipe?.simpler ?? [] { add { $0.recipe = recipe } }
        return result
    }
}

extension BlockRecipe: CustomStringConvertible {
    var description: String {
        let condition = recipe.map { "\($0)\n        as \(style): \($0.filter)" } ?? "no filter"
        let handlers = handlers.map { "\n        handler \($0)" }.joined()
        return "    \(Event.self): \(condition)\(handlers)"
    }
}

extension Recipe {
    fileprivate var conjuncts: [Recipe] {
        if case .all(let parts) = self { parts } else { [self] }
    }

    fileprivate var disjuncts: [Recipe] {
        if case .any(let parts) = self { parts } else { [self] }
    }
}
