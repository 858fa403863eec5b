import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(Login.self) {
            // error: requires that 'UndeclaredMatchKey<Login>' conform to 'DeclaredInMatchKeys'
            Where(\.isAdmn)
            Handle { _ in }
        }
    }
}
