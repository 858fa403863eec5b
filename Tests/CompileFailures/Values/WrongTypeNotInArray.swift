import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: cannot convert value of type 'String' to expected element type 'Int'
            Where(\.logins, notIn: ["a"])
            Handle { _ in }
        }
    }
}
