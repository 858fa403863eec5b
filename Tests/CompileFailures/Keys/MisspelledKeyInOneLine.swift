import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    // error: operator function '==' requires that 'UndeclaredMatchKey<UserCreated>' conform to 'DeclaredInMatchKeys'
    try dispatcher.on(UserCreated.self, where: \.rolle == .admin) { _ in }
}
