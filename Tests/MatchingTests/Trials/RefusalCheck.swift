import EventDispatch

/// Holds a dispatcher that refuses a block to its word: that the filter holds for no event.
struct RefusalCheck {
    private let dispatcher = EventDispatcher()

    /// Why a block is refused; nil when it is not.
    func refusal<Event: RecipeSource>(of block: BlockRecipe<Event>) -> DispatchError? {
        do {
            try dispatcher.subscribe { block.declaration(MatchJournal()) }.cancel()
            return nil
        } catch {
            return error
        }
    }

    /// How the refusal of a block, or of a simpler one, is wrong for an event; nil when it is right.
    func problem<Event: RecipeSource>(of block: BlockRecipe<Event>, for event: Event) -> String? {
        var histogram = Histogram()
        let holds = block.recipe?.holds(for: event, &histogram) ?? true
        let matches = block.recipe?.filter.matches(event) ?? true
        guard holds || matches, let error = refusal(of: block) else { return nil }
        if let simpler = block.simpler.lazy.compactMap({ problem(of: $0, for: event) }).first { return simpler }
        return """
            \(block)
            is refused, \(error)
            for \(event)
            the recipe says \(holds), the filter \(matches)
            """
    }
}
