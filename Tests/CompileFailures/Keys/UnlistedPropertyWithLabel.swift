import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Where(\.email, is: "x")  // error: value of type 'UserCreated.MatchKeys' has no member 'email'
            Handle { _ in }
        }
    }
}
