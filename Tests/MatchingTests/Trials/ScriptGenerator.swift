import EventDispatch
import ProgramSupport

/// Makes the random script of a round.
struct ScriptGenerator {
    private(set) var refused = 0

    private let kind: RoundKind
    private let events: RecipeGenerator<GeneratedEvent>
    private let signals = RecipeGenerator<GeneratedSignal>(keys: GeneratedSignal.literals)
    private var random: SplitMix64
    private var steps: [Step] = []
    private var live: [Int] = []
    private var lastID = 0
    /// Registrations are tried here first.
    private let refusals = RefusalCheck()

    init(_ kind: RoundKind, _ random: SplitMix64) {
        var random = random
        self.kind = kind
        events = RecipeGenerator(keys: kind.keys(using: &random))
        self.random = random
    }

    /// The script.
    ///
    /// - Throws: ``Mismatch``, when a filter was refused that holds for an event, or in one style and not in the other;
    ///   `DispatchError`, when one was refused for another reason than that it never holds.
    mutating func script() throws -> [Step] {
        for population in kind.populations(using: &random) {
            while live.count != population { try change(towards: population) }
            for _ in 0..<Int.random(in: 4...8, using: &random) { fire() }
        }
        return steps
    }

    private mutating func change(towards population: Int) throws {
        let isToGrow = random.oneIn(6) ? live.count > population : live.count < population
        if isToGrow || live.isEmpty { try add() } else { remove() }
        if random.oneIn(kind.stepsToAFire) { fire() }
    }

    private mutating func fire() {
        if random.oneIn(8) {
            steps.append(.signal(.random(using: &random)))
        } else {
            steps.append(.fire(.random(using: &random)))
        }
    }

    private mutating func remove() {
        let index = Int.random(in: live.indices, using: &random)
        steps.append(.cancel(live[index]))
        live.swapAt(index, live.count - 1)
        live.removeLast()
    }

    private mutating func add() throws {
        var subscription = SubscriptionRecipe(id: nextID())
        for _ in 0..<(random.oneIn(10) ? 2 : 1) {
            if random.oneIn(10) {
                subscription.signals.append(try block(of: signals))
            } else {
                subscription.events.append(try block(of: events))
            }
        }
        live.append(subscription.id)
        steps.append(.subscribe(subscription))
    }

    /// A block that is not refused.
    private mutating func block<Event: RecipeSource>(
        of generator: RecipeGenerator<Event>
    ) throws -> BlockRecipe<Event> {
        while true {
            var block = BlockRecipe(
                recipe: recipe(of: generator),
                handlers: (0..<(random.oneIn(8) ? 3 : 1)).map { _ in handler() },
                style: random.oneIn(3) ? .lines : .line
            )
            let refusal = refusals.refusal(of: block)
            if block.style == .lines {
                block.style = .line
                guard (refusals.refusal(of: block) == nil) == (refusal == nil) else {
                    throw Mismatch(step: steps.count, description: "\(block)\nis refused in one style only")
                }
                block.style = .lines
            }
            guard let refusal else { return block }
            refused += 1
            guard refusal.code == .neverMatches else { throw refusal }
            try checkRefusal(of: block)
        }
    }

    private mutating func recipe<Event: RecipeSource>(of generator: RecipeGenerator<Event>) -> Recipe<Event>? {
        if random.oneIn(50) { return nil }
        let depth = Int.random(in: kind.depths, using: &random)
        if depth == 2 && random.oneIn(3) { return generator.broadRecipe(using: &random) }
        return generator.recipe(depth: depth, using: &random)
    }

    private mutating func handler<Event: RecipeSource>() -> HandlerRecipe<Event> {
        HandlerRecipe(
            id: nextID(),
            phase: random.oneIn(2) ? .main : random.pick(Array(Event.Phases.allCases)),
            priority: random.oneIn(2) ? 0 : random.pick([-2, -1, 1, 2, Int.min, Int.max]),
            isReversed: random.oneIn(6),
            limit: random.oneIn(25) ? Int.random(in: 1...3, using: &random) : nil
        )
    }

    private mutating func checkRefusal<Event: RecipeSource>(of block: BlockRecipe<Event>) throws {
        for _ in 0..<50 {
            guard let problem = refusals.problem(of: block, for: .random(using: &random)) else { continue }
            throw Mismatch(step: steps.count, description: problem)
        }
    }

    private mutating func nextID() -> Int {
        lastID += 1
        return lastID
    }
}
