import EventDispatch
import EventDispatchTesting

/// What should be registered for one type of event: with the oracle, and beside it as recipes.
struct EventModel<Event: RecipeSource> {
    private struct Entry {
        let handler: HandlerRecipe<Event>
        let phaseIndex: Int
        var startsLeft: Int?
    }

    /// Handlers with one condition between them.
    private struct Block {
        let recipe: BlockRecipe<Event>
        let depth: Int
        var entries: [Entry]
    }

    private var oracle = MatchOracle<Event>()
    /// In the order of registration.
    private var blocks: [Block] = []
    /// The subscriptions of the blocks.
    private var subscriptions: [Int] = []
    private let phases = Array(Event.Phases.allCases)
    private(set) var claims = ExplanationClaims<Event>()

    /// How many handlers can still start.
    var count: Int { oracle.count }

    mutating func add(_ recipe: BlockRecipe<Event>, of subscription: Int) {
        let filter = recipe.recipe?.filter
        for handler in recipe.handlers {
            oracle.add(
                handler.id,
                where: filter,
                during: handler.phase,
                priority: handler.priority,
                isReversed: handler.isReversed
            )
        }
        let entries = recipe.handlers.map { handler in
            Entry(
                handler: handler,
                phaseIndex: phases.firstIndex(of: handler.phase) ?? 0,
                startsLeft: handler.limit
            )
        }
        blocks.append(Block(recipe: recipe, depth: recipe.depth, entries: entries))
        subscriptions.append(subscription)
        claims.add(recipe)
    }

    mutating func remove(_ subscription: Int) {
        while let index = subscriptions.firstIndex(of: subscription) {
            for entry in blocks[index].entries { oracle.remove(entry.handler.id) }
            blocks.remove(at: index)
            subscriptions.remove(at: index)
        }
    }

    /// The handlers of a subscription, or all.
    func handlers(of subscription: Int?) -> Set<Int> {
        let indices = blocks.indices.filter { subscription == nil || subscriptions[$0] == subscription }
        return Set(indices.flatMap { blocks[$0].entries.map(\.handler.id) })
    }

    /// Whom an event reaches, by the oracle's word.
    func reached(by event: Event) -> [Int] { oracle.matches(event) }

    /// Whom an event reaches by the oracle's word and by the recipes', and uses up a start of each.
    mutating func fire(_ event: Event, _ histogram: inout Histogram) -> (oracle: [Int], recipes: [Int]) {
        let expected = oracle.matches(event)
        var matching: [Entry] = []
        for block in blocks {
            let holds = block.recipe.recipe?.holds(for: event, &histogram) ?? true
            for entry in block.entries {
                histogram.countPair(depth: block.depth, matches: holds)
                if holds { matching.append(entry) }
            }
        }
        let reached = phases.indices.flatMap { phase in
            let inPhase = matching.filter { $0.phaseIndex == phase }
            return Set(inPhase.map(\.handler.priority)).sorted(by: >).flatMap { priority in
                let ofPriority = inPhase.filter { $0.handler.priority == priority }.map(\.handler)
                return ofPriority.filter { !$0.isReversed }.map(\.id)
                    + ofPriority.filter(\.isReversed).reversed().map(\.id)
            }
        }
        if matching.contains(where: { $0.startsLeft != nil }) { useStarts(of: Set(reached)) }
        histogram.events += 1
        return (expected, reached)
    }

    private mutating func useStarts(of started: Set<Int>) {
        for block in blocks.indices {
            for index in blocks[block].entries.indices.reversed() {
                let entry = blocks[block].entries[index]
                guard let left = entry.startsLeft, started.contains(entry.handler.id) else { continue }
                blocks[block].entries[index].startsLeft = left - 1
                guard left == 1 else { continue }
                blocks[block].entries.remove(at: index)
                oracle.remove(entry.handler.id)
            }
        }
    }
}
