import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Where(\.role, lessThan: .admin)  // error: requires that 'UserCreated.Role' conform to 'Comparable'
            Handle { _ in }
        }
    }
}
