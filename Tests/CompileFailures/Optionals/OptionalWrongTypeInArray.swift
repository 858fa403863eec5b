import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(Login.self) {
            // error: cannot convert value of type 'String' to expected element type 'Optional<Int>'
            Where(\.age, in: ["a", "b"])
            Handle { _ in }
        }
    }
}
