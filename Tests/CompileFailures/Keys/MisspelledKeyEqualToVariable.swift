import EventDispatch

private func register(admin: String, on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: operator function '==' requires that 'UndeclaredMatchKey<UserCreated>' conform to 'DeclaredInMatchKeys'
            Where(\.nam == admin)
            Handle { _ in }
        }
    }
}
