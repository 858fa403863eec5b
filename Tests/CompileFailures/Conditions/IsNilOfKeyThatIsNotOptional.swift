import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: cannot convert value of type 'KeyPath<UserCreated.MatchKeys, MatchKey<UserCreated, String>>'
            Where(\.name, .isNil)
            Handle { _ in }
        }
    }
}
