/// What a dispatcher has registered, and whether it is started: plain state, without a lock of its own.
struct Registry: Sendable {
    var isStarted: Bool
    private var registrations: UInt64 = 0
    private var tables: [ObjectIdentifier: any HandlerTable] = [:]

    init(isStarted: Bool) { self.isStarted = isStarted }

    /// The matcher of a type of event, as it is now.
    func matcher<Event>(for event: Event.Type) -> LinearMatcher<Event>? {
        tables[ObjectIdentifier(event)] as? LinearMatcher<Event>
    }

    /// Adds handlers, in their order.
    mutating func insert<Event>(_ plans: [HandlerPlan<Event>], of subscription: EventSubscription) {
        let handlers = plans.map { plan in
            registrations += 1
            return RegisteredHandler(plan: plan, registration: registrations, subscription: subscription)
        }
        update(Event.self) { $0.insert(handlers) }
    }

    /// Takes out one handler, and returns it where it was still there.
    mutating func remove<Event>(_ handler: RegisteredHandler<Event>) -> [RegisteredHandler<Event>] {
        update(Event.self) { $0.remove { $0 === handler } }
    }

    /// Takes out the handlers of a subscription, and returns them as something to let go of.
    mutating func remove(_ subscription: EventSubscription) -> [any Sendable] {
        subscription.events.compactMap { event in
            guard var table = tables.removeValue(forKey: event) else { return nil }
            let removed = table.removeAll(of: subscription)
            if !table.isEmpty { tables[event] = table }
            return removed
        }
    }

    /// Every table, in no order.
    var allTables: [any HandlerTable] { Array(tables.values) }

    /// Changes a matcher in place: it is taken out of the dictionary meanwhile, so that its array is not copied.
    private mutating func update<Event, Result>(
        _ event: Event.Type,
        _ change: (inout LinearMatcher<Event>) -> Result
    ) -> Result {
        let key = ObjectIdentifier(event)
        var matcher = tables.removeValue(forKey: key) as? LinearMatcher<Event> ?? LinearMatcher()
        defer { if !matcher.isEmpty { tables[key] = matcher } }
        return change(&matcher)
    }
}
