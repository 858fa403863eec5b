import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: generic parameter 'Value' could not be inferred
            // error: value of type 'UserCreated.MatchKeys' has no member 'nam'
            Handle { _ in await Task.yield() }.concurrency(1, per: \.nam)
        }
    }
}
