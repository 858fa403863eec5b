import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Phase(.beforre) { Handle { _ in } }  // error: type 'StandardPhases' has no member 'beforre'
        }
    }
}
