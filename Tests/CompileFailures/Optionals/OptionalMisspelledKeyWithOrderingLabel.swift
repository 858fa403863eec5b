import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(Login.self) {
            // error: value of type 'Login.MatchKeys' has no member 'agee'
            Where(\.agee, atLeast: 18)
            Handle { _ in }
        }
    }
}
