import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Where(\.total, is: 3)  // error: value of type 'UserCreated.MatchKeys' has no member 'total'
            Handle { _ in }
        }
    }
}
