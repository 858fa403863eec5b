import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Where(\.nam, hasPrefix: "x")  // error: value of type 'UserCreated.MatchKeys' has no member 'nam'
            Handle { _ in }
        }
    }
}
