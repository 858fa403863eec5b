import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(Login.self) {
            // error: operator function '>=' requires that 'UndeclaredMatchKey<Login>' conform to 'DeclaredInMatchKeys'
            Where(\.agee >= 18)
            Handle { _ in }
        }
    }
}
