import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(Login.self) {
            // error: requires that 'Login.Method' conform to 'Comparable'
            Where(\.method < .token)
            Handle { _ in }
        }
    }
}
