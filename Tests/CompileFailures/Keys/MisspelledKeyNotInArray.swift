import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: value of type 'UserCreated.MatchKeys' has no member 'rolle'
            Where(\.rolle, notIn: [.admin])
            Handle { _ in }
        }
    }
}
