/// What a dispatcher has registered: plain state, without a lock of its own.
struct Registry: Sendable {
    private var registrations: UInt64 = 0
    private var tables: [ObjectIdentifier: any HandlerTable] = [:]
    private(set) var owners = OwnerList()

    /// The matcher of a type of event, as it is now.
    func matcher<Event>(for event: Event.Type) -> LinearMatcher<Event>? {
        tables[ObjectIdentifier(event)] as? LinearMatcher<Event>
    }

    /// Every table, in no order.
    var allTables: [any HandlerTable] { Array(tables.values) }

    /// Adds handlers, in their order.
    mutating func insert<Event>(_ plans: [HandlerPlan<Event>], of subscription: EventSubscription) {
        let handlers = plans.map { plan in
            registrations += 1
            return RegisteredHandler(plan: plan, registration: registrations, subscription: subscription)
        }
        for owner in plans.compactMap(\.handler.owner) { owners.add(owner, event: ObjectIdentifier(Event.self)) }
        update(Event.self) { $0.insert(handlers) }
    }

    /// Takes out the handlers of a type that a condition names, and returns them.
    mutating func remove<Event>(
        where shouldRemove: (RegisteredHandler<Event>) -> Bool
    ) -> [RegisteredHandler<Event>] {
        update(Event.self) { $0.remove(where: shouldRemove) }
    }

    /// Takes out the handlers of a subscription, and returns them as something to let go of.
    mutating func remove(_ subscription: EventSubscription) -> [any Sendable] {
        subscription.events.compactMap { event in update(event) { $0.removeAll(of: subscription) } }
    }

    /// Takes out the handlers of owners, and returns them as something to let go of.
    mutating func remove(_ owned: [OwnerList.Entry]) -> [any Sendable] {
        owners.remove(owned.map(\.owner))
        return Dictionary(grouping: owned, by: \.event).compactMap { event, entries in
            update(event) { $0.removeAll(ownedBy: entries.map(\.owner)) }
        }
    }

    /// The next owners to ask whether they live: up to a number of them, in turn.
    mutating func nextOwners(_ count: Int) -> ArraySlice<OwnerList.Entry> { owners.next(count) }

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

    /// Changes a table in place, whatever its type of event; nil when there is none.
    private mutating func update<Result>(
        _ event: ObjectIdentifier,
        _ change: (inout any HandlerTable) -> Result
    ) -> Result? {
        guard var table = tables.removeValue(forKey: event) else { return nil }
        defer { if !table.isEmpty { tables[event] = table } }
        return change(&table)
    }
}
