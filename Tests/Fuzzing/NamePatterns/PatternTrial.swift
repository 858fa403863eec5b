import EventDispatch

/// Registers conditions on names, and stops the process where a name reaches others than those that hold for it.
final class PatternTrial {
    private let dispatcher = EventDispatcher()
    private let visits: Visits
    /// In the order of registration.
    private var handlers: [(id: Int, condition: TextCondition, subscription: EventSubscription)] = []

    init(_ texts: some Sequence<String>, _ visits: Visits) {
        self.visits = visits
        for (id, condition) in texts.flatMap(TextCondition.all).enumerated() { register(id, condition) }
    }

    private func register(_ id: Int, _ condition: TextCondition) {
        let visitor = Visitor(id, visits)
        do {
            let subscription = try dispatcher.on(Named.self, where: condition.filter) { _ in visitor.note() }
            if !condition.isWellFormed { fatalError("accepted: \(condition)") }
            handlers.append((id, condition, subscription))
        } catch {
            if condition.isWellFormed || error.code != .invalidPattern { fatalError("\(condition): \(error)") }
        }
    }

    func cancelFirst() {
        guard !handlers.isEmpty else { return }
        handlers.removeFirst().subscription.cancel()
    }

    func fire(_ name: String) {
        do {
            try dispatcher.fireSynchronously(Named(name: name))
        } catch {
            fatalError("\(scalars(name)): \(error)")
        }
        let reached = Set(visits.take())
        for (id, condition, _) in handlers where reached.contains(id) != condition.holds(for: name) {
            fatalError("\(scalars(name)) \(reached.contains(id) ? "reaches" : "does not reach") \(condition)")
        }
    }
}
