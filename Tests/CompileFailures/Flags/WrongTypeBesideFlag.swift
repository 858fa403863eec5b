import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(Login.self) {
            // error: cannot convert value of type 'String' to expected argument type 'Int'
            Where(\.isNew && \.tries == "x")
            Handle { _ in }
        }
    }
}
