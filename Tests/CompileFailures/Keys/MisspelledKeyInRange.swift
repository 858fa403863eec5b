import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Where(\.loginns, in: 0..<3)  // error: value of type 'UserCreated.MatchKeys' has no member 'loginns'
            Handle { _ in }
        }
    }
}
