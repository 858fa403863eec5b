/// A matcher for one type of event, whatever the type.
protocol HandlerTable: Sendable {
    /// Takes out every handler of a subscription, and returns them as something to let go of.
    mutating func removeAll(of subscription: EventSubscription) -> any Sendable

    var isEmpty: Bool { get }
    var hasStartableHandlers: Bool { get }
    var descriptions: [(registration: UInt64, description: SubscriptionDescription)] { get }
}

extension LinearMatcher: HandlerTable {
    mutating func removeAll(of subscription: EventSubscription) -> any Sendable {
        remove { $0.subscription === subscription }
    }

    var isEmpty: Bool { handlers.isEmpty }

    var hasStartableHandlers: Bool { handlers.contains(where: \.canStart) }

    var descriptions: [(registration: UInt64, description: SubscriptionDescription)] {
        handlers.map { ($0.order.registration, SubscriptionDescription($0)) }
    }
}
