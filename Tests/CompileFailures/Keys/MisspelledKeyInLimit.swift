import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Handle { _ in }.limit(3, per: \.nam)  // error: value of type 'UserCreated.MatchKeys' has no member 'nam'
        }
    }
}
