import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Where(\.logins, hasPrefix: "1")  // error: requires that 'Int' conform to 'MatchableText'
            Handle { _ in }
        }
    }
}
