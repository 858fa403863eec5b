import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: 'KeyPath<UserCreated.MatchKeys, MatchKey<UserCreated, Optional<String>>>' and 'Optional<String>'
            Where(\.nickname < "x")
            Handle { _ in }
        }
    }
}
