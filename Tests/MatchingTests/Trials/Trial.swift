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
    mutating func run(_ script: [Step]) throws {
        for (index, step) in script.enumerated() { try take(step, index) }
        let handlers = events.count + signals.count
        guard dispatcher.subscriptions.count == handlers else {
            let listed = dispatcher.subscriptions.count
            throw Mismatch(step: script.count, description: "\(listed) handlers are listed, \(handlers) are live")
        }
        for subscription in subscriptions.values { subscription.cancel() }
        guard dispatcher.subscriptions.isEmpty, !dispatcher.hasHandlers(for: GeneratedEvent.self) else {
            throw Mismatch(step: script.count, description: "handlers are left when all are cancelled")
        }
    }

    private mutating func take(_ step: Step, _ index: Int) throws {
        switch step {
        case .subscribe(let recipe):
            subscriptions[recipe.id] = try recipe.subscribe(to: dispatcher, journal)
            for block in recipe.events { events.add(block, of: recipe.id) }
            for block in recipe.signals { signals.add(block, of: recipe.id) }
            histogram.registrations += 1
        case .cancel(let id):
            guard let subscription = subscriptions.removeValue(forKey: id) else { return }
            subscription.cancel()
            events.remove(id)
            signals.remove(id)
            histogram.removals += 1
        case .fire(let event):
            try compare(event, events.fire(event, &histogram), index)
        case .signal(let signal):
            try compare(signal, signals.fire(signal, &histogram), index)
        }
    }

    private func compare<Event: RecipeSource>(
        _ event: Event,
        _ expected: (oracle: [Int], recipes: [Int]),
        _ step: Int
    ) throws {
        let report = try dispatcher.fireSynchronously(event)
        let reached = journal.take()
        if reached == expected.oracle, reached == expected.recipes, reached.count == report.matched { return }
        throw Mismatch(
            step: step,
            description: """
                event      \(event)
                recipes    \(expected.recipes)
                oracle     \(expected.oracle)
                dispatcher \(reached), \(report.matched) matched
                """
        )
    }
}
