import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Where(\.name === "x")  // error: operator function '===' requires that 'String' be a class type
            Handle { _ in }
        }
    }
}
