import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: value of type 'UserCreated.MatchKeys' has no member 'loginns'
            Where(\.loginns, notIn: 3...5)
            Handle { _ in }
        }
    }
}
