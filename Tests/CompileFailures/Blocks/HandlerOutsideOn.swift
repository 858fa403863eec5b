import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        // error: requires that 'Handle<UserCreated>' conform to 'SubscriptionClause'
        Handle { (event: UserCreated) in print(event.name) }
    }
}
