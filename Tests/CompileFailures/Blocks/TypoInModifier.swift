import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        // error: value of type 'On<UserCreated>' has no member 'timeoutt'
        On(UserCreated.self) { Handle { _ in } }.timeoutt(.seconds(1))
    }
}
