import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: has no member 'named'
            Where(\.name == "x").named("x")
            Handle { _ in }
        }
    }
}
