import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: has no member 'prioritty'
            Rule { Handle { _ in } }.prioritty(3)
        }
    }
}
