/// A matcher for one type of event, whatever the type.
///
/// What is taken out is returned as something to let go of, outside the registry's lock.
protocol HandlerTable: Sendable {
    mutating func removeAll(of subscription: EventSubscription) -> [any RemovedHandler]
    mutating func removeAll(ownedBy owners: [HandlerOwner]) -> [any RemovedHandler]

    var isEmpty: Bool { get }
    var hasStartableHandlers: Bool { get }
    var descriptions: [(registration: UInt64, description: SubscriptionDescription)] { get }
}

extension LinearMatcher: HandlerTable {
    mutating func removeAll(of subscription: EventSubscription) -> [any RemovedHandler] {
        remove { $0.subscription === subscription }
    }

    mutating func removeAll(ownedBy owners: [HandlerOwner]) -> [any RemovedHandler] {
        let owners = Set(owners.map { ObjectIdentifier($0) })
        return remove { handler in
            handler.plan.handler.owner.map { owners.contains(ObjectIdentifier($0)) } ?? false
        }
    }

    var isEmpty: Bool { handlers.isEmpty }

    var hasStartableHandlers: Bool { handlers.contains(where: \.canStart) }

    var descriptions: [(registration: UInt64, description: SubscriptionDescription)] {
        handlers.filter(\.canStart).map { ($0.order.registration, SubscriptionDescription($0)) }
    }
}
