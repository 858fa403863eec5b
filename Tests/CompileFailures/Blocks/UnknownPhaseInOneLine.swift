import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    // error: type 'StandardPhases' has no member 'beforre'
    try dispatcher.on(UserCreated.self, during: .beforre) { _ in }
}
