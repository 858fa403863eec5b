import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: type 'PhaseOptions' has no member 'revered'
            Phase(.after, .revered) { Handle { _ in } }
        }
    }
}
