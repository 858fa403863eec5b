import EventDispatch

private func register(_ plugin: Plugin, on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        // error: cannot convert value of type 'Plugin' to expected element type 'SubscriptionDeclaration'
        [plugin]
    }
}
