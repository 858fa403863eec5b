import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: generic parameter 'Group' could not be inferred
            // error: value of type 'UserCreated.MatchKeys' has no member 'nam'
            Handle { _ in }.removeDuplicates(of: \.name, per: \.nam)
        }
    }
}
