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

    /// Takes out the handlers of a type that a condition names, and returns them, to be let go of outside the lock.
    mutating func remove<Event>(where shouldRemove: (RegisteredHandler<Event>) -> Bool) -> [any RemovedHandler] {
        forgetOwners(update(Event.self) { $0.remove(where: shouldRemove) })
    }

    /// Takes out the handlers of a subscription, and returns them, to be let go of outside the lock.
    mutating func remove(_ subscription: EventSubscription) -> [any RemovedHandler] {
        forgetOwners(subscription.events.flatMap { event in update(event) { $0.removeAll(of: subscription) } })
    }

    /// Takes out the handlers of owners, and returns them, to be let go of outside the lock.
    mutating func remove(_ owned: [OwnerList.Entry]) -> [any RemovedHandler] {
        let byEvent = Dictionary(grouping: owned, by: \.event).mapValues { $0.map(\.owner) }
        return forgetOwners(byEvent.flatMap { event, owners in update(event) { $0.removeAll(ownedBy: owners) } })
    }

    private mutating func forgetOwners(_ removed: [any RemovedHandler]) -> [any RemovedHandler] {
        for owner in removed.compactMap(\.owner) { owners.remove(owner) }
        return removed
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

    /// Takes handlers out of a table, whatever its type of event.
    private mutating func update(
        _ event: ObjectIdentifier,
        _ change: (inout any HandlerTable) -> [any RemovedHandler]
    ) -> [any RemovedHandler] {
        guard var table = tables.removeValue(forKey: event) else { return [] }
        defer { if !table.isEmpty { tables[event] = table } }
        return change(&table)
    }
}
