import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        // error: cannot convert value of type 'String' to expected argument type 'Int'
        On(UserCreated.self, where: \.logins > "x") { Handle { _ in } }
    }
}
