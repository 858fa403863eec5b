/// A matcher for one type of event, whatever the type.
///
/// What is taken out is returned as something to let go of, outside the registry's lock.
protocol HandlerTable: Sendable {
    mutating func removeAll(of subscription: EventSubscription) -> any Sendable
    mutating func removeAll(ownedBy owners: [HandlerOwner]) -> any Sendable

    var isEmpty: Bool { get }
    var hasStartableHandlers: Bool { get }
    var descriptions: [(registration: UInt64, description: SubscriptionDescription)] { get }
}

extension LinearMatcher: HandlerTable {
    mutating func removeAll(of subscription: EventSubscription) -> any Sendable {
        remove { $0.subscription === subscription }
    }

    mutating func removeAll(ownedBy owners: [HandlerOwner]) -> any Sendable {
        let removed = remove { handler in owners.contains { $0 === handler.plan.handler.owner } }
        for handler in removed { handler.subscription.handlersEnded(1) }
        return removed
    }

    var isEmpty: Bool { handlers.isEmpty }

    var hasStartableHandlers: Bool { handlers.contains(where: \.canStart) }

    var descriptions: [(registration: UInt64, description: SubscriptionDescription)] {
        handlers.filter(\.canStart).map { ($0.order.registration, SubscriptionDescription($0)) }
    }
}
