import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(Login.self) {
            // error: cannot convert value of type 'String' to expected argument type 'Int'
            Where(\.age, atMost: "x")
            Handle { _ in }
        }
    }
}
