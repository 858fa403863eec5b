/// What a dispatcher has registered: plain state, without a lock of its own.
///
/// What is taken out is returned, to be let go of outside the lock: that may run users' code.
struct Registry: Sendable {
    private var registrations: UInt64 = 0
    private var matchers: [ObjectIdentifier: LinearMatcher] = [:]
    private(set) var owners = OwnerList()

    /// The matcher of a type of event, as it is now.
    func matcher(for event: any MatchableEvent.Type) -> LinearMatcher? { matchers[ObjectIdentifier(event)] }

    /// Every handler, in no order.
    var handlers: [RegisteredHandler] { matchers.values.flatMap(\.handlers) }

    /// Adds the handlers of a subscription, in their order.
    mutating func insert(_ plans: [HandlerPlan], of subscription: EventSubscription) {
        var handlers: [ObjectIdentifier: [RegisteredHandler]] = [:]
        for plan in plans {
            registrations += 1
            let handler = RegisteredHandler(plan: plan, registration: registrations, subscription: subscription)
            handlers[ObjectIdentifier(plan.event), default: []].append(handler)
            if handler.owner != nil { owners.add(handler) }
        }
        for (event, handlers) in handlers { matchers[event, default: LinearMatcher()].insert(handlers) }
    }

    /// Takes out the handlers of a type of event that a condition names.
    mutating func remove(
        from event: ObjectIdentifier,
        where shouldRemove: (RegisteredHandler) -> Bool
    ) -> [RegisteredHandler] {
        let removed = matchers[event]?.remove(where: shouldRemove) ?? []
        if matchers[event]?.handlers.isEmpty == true { matchers[event] = nil }
        for handler in removed where handler.owner != nil { owners.remove(handler) }
        return removed
    }

    /// The next handlers whose owners are to be asked: up to a number of them, in turn; nil without any.
    mutating func nextOwned(_ count: Int) -> ArraySlice<RegisteredHandler>? {
        owners.handlers.isEmpty ? nil : owners.next(count)
    }
}
