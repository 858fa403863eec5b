import EventDispatch

private func register(_ plugin: Plugin, on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            plugin.handlers  // error: requires that '[SubscriptionDeclaration]' conform to 'Clause'
        }
    }
}
