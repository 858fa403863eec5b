import EventDispatch

/// A subscription to register: blocks for one type of event or for both.
struct SubscriptionRecipe {
    let id: Int
    var events: [BlockRecipe<GeneratedEvent>] = []
    var signals: [BlockRecipe<GeneratedSignal>] = []

    func subscribe(to dispatcher: EventDispatcher, _ journal: MatchJournal) throws(DispatchError) -> EventSubscription {
        try dispatcher.subscribe {
            for block in events { block.declaration(journal) }
            for block in signals { block.declaration(journal) }
        }
    }

    /// Subscriptions that are one step simpler.
    var simpler: [SubscriptionRecipe] {
        var result: [SubscriptionRecipe] = []
        func add(_ change: (inout SubscriptionRecipe) -> Void) {
            var copy = self
            change(&copy)
            result.append(copy)
        }
        if events.count + signals.count > 1 {
            for index in events.indices { add { $0.events.remove(at: index) } }
            for index in signals.indices { add { $0.signals.remove(at: index) } }
        }
        for index in events.indices {
            for block in events[index].simpler { add { $0.events[index] = block } }
        }
        for index in signals.indices {
            for block in signals[index].simpler { add { $0.signals[index] = block } }
        }
        return result
    }
}

extension SubscriptionRecipe: CustomStringConvertible {
    var description: String {
        (["subscription \(id)"] + events.map(\.description) + signals.map(\.description)).joined(separator: "\n")
    }
}
