import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        // error: operator function '>' requires that 'UndeclaredMatchKey<UserCreated>' conform to 'DeclaredInMatchKeys'
        On(UserCreated.self, where: \.loginns > 3) { Handle { _ in } }
    }
}
