import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: has no member 'namedd'
            Phase(.after) { Handle { _ in } }.namedd("x")
        }
    }
}
