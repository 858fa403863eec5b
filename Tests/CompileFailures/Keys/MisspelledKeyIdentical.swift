import EventDispatch

private func register(_ mailer: Mailer, on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: operator function '===' requires that 'UndeclaredMatchKey<UserCreated>' conform to 'DeclaredInMatchKeys'
            Where(\.sesion === mailer)
            Handle { _ in }
        }
    }
}
