import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        // error: cannot convert value of type 'Int' to expected argument type 'Duration'
        On(UserCreated.self) { Handle { _ in } }.timeout(1)
    }
}
