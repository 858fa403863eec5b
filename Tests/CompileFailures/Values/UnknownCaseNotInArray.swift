import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: type 'UserCreated.Role' has no member 'adminn'
            Where(\.role, notIn: [.adminn])
            Handle { _ in }
        }
    }
}
