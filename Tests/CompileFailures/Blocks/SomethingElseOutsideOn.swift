import EventDispatch

private func register(_ plugin: Plugin, on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        // error: requires that 'Plugin' conform to 'SubscriptionClause'
        plugin
    }
}
