import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Where(\.nicknam, .isNil)  // error: value of type 'UserCreated.MatchKeys' has no member 'nicknam'
            Handle { _ in }
        }
    }
}
