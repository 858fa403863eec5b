import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    // error: value of type 'UserCreated' has no member 'nam'
    try dispatcher.on(UserCreated.self) { event in print(event.nam) }
}
