import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: operator function '<' requires that 'UserCreated.Role' conform to 'Comparable'
            Where(\.role < .admin)
            Handle { _ in }
        }
    }
}
