import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Where(\.role == .adminn)  // error: type 'UserCreated.Role' has no member 'adminn'
            Handle { _ in }
        }
    }
}
