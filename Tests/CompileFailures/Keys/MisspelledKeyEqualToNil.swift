import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: operator function '==' requires that 'UndeclaredMatchKey<UserCreated>' conform to 'DeclaredInMatchKeys'
            Where(\.nicknam == nil)
            Handle { _ in }
        }
    }
}
