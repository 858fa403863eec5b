import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Where(\.rolle, is: .admin)  // error: value of type 'UserCreated.MatchKeys' has no member 'rolle'
            Handle { _ in }
        }
    }
}
