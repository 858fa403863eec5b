/// A handler that was taken out of the tables, whatever its event. Letting go of it may run users' code.
protocol RemovedHandler: Sendable {
    var subscription: EventSubscription { get }
    var owner: HandlerOwner? { get }
}

extension RegisteredHandler: RemovedHandler {
    var owner: HandlerOwner? { plan.handler.owner }
}
