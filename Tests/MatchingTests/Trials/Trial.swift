import EventDispatch

/// Does the steps of a script with a dispatcher, and compares at every fire whom it reached with what the oracle and the
/// recipes say.
struct Trial {
    private(set) var histogram: Histogram

    private let dispatcher = EventDispatcher()
    private let journal = MatchJournal()
    private var events = EventModel<GeneratedEvent>()
    private var signals = EventModel<GeneratedSignal>()
    private var subscriptions: [Int: EventSubscription] = [:]

    init(_ histogram: Histogram = Histogram()) { self.histogram = histogram }

    /// Does all steps, then cancels what is left.
    ///
    /// - Throws: ``Mismatch``, or `DispatchError` when a subscription is refused.
    mutating func run(_ script: [Step]) throws {
        for (index, step) in script.enumerated() {
            if let problem = try take(step) ?? leak { throw Mismatch(step: index, description: problem) }
        }
        if let problem = leftovers { throw Mismatch(step: script.count, description: problem) }
    }

    /// Does a step; tells what was wrong with it.
    private mutating func take(_ step: Step) throws -> String? {
        switch step {
        case .subscribe(let recipe):
            subscriptions[recipe.id] = try recipe.subscribe(to: dispatcher, journal)
            for block in recipe.events { events.add(block, of: recipe.id) }
            for block in recipe.signals { signals.add(block, of: recipe.id) }
            histogram.registrations += 1
        case .cancel(let id):
            guard let subscription = subscriptions.removeValue(forKey: id) else { break }
            subscription.cancel()
            events.remove(id)
            signals.remove(id)
            histogram.removals += 1
        case .fire(let event):
            if let problem = explanationProblem(events, event) { return problem }
            return try difference(events.fire(event, &histogram), event)
        case .signal(let signal):
            if let problem = explanationProblem(signals, signal) { return problem }
            return try difference(signals.fire(signal, &histogram), signal)
        }
        return nil
    }

    /// How explanations of an event differ from what happens: of all handlers, of those of one subscription, and of all while that is
    /// muted.
    private func explanationProblem<Event: RecipeSource>(_ model: EventModel<Event>, _ event: Event) -> String? {
        guard event.isExplained else { return nil }
        let reached = model.reached(by: event)
        if let problem = model.problem(with: dispatcher.explain(event), of: event, reached) { return problem }
        guard let (id, subscription) = subscriptions.min(by: { $0.key < $1.key }) else { return nil }
        let one = dispatcher.explain(event, subscription)
        if let problem = model.problem(with: one, of: event, reached, among: id) {
            return "of one subscription: \(problem)"
        }
        let (all, muted) = subscription.muted { (dispatcher.explain(event), dispatcher.explain(event, subscription)) }
        let problem =
            model.problem(with: all, of: event, reached, muted: id)
            ?? model.problem(with: muted, of: event, reached, among: id, muted: id)
        return problem.map { "while one is muted: \($0)" }
    }

    private func difference<Event: RecipeSource>(
        _ expected: (oracle: [Int], recipes: [Int]),
        _ event: Event
    ) throws -> String? {
        let report = try dispatcher.fireSynchronously(event)
        let reached = journal.take()
        if reached == expected.oracle, reached == expected.recipes, reached.count == report.matched { return nil }
        return """
            recipes    \(expected.recipes)
            oracle     \(expected.oracle)
            dispatcher \(reached), \(report.matched) matched
            """
    }

    /// With no fire under way, what handlers capture is freed as soon as they can't start any more.
    private var leak: String? {
        let handlers = events.count + signals.count
        return journal.witnesses == handlers ? nil : "\(journal.witnesses) handlers are retained, \(handlers) can start"
    }

    /// What is wrong with the list of handlers at the end, and when all are cancelled.
    private var leftovers: String? {
        let (listed, handlers) = (dispatcher.handlers.count, events.count + signals.count)
        if listed != handlers { return "\(listed) handlers are listed, \(handlers) can start" }
        for subscription in subscriptions.values { subscription.cancel() }
        let isEmpty = dispatcher.handlers.isEmpty && journal.witnesses == 0
        return isEmpty && !dispatcher.hasHandlers(for: GeneratedEvent.self) ? nil : "not all handlers can be cancelled"
    }
}
