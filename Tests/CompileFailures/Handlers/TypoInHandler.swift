import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Handle { event in print(event.nam) }  // error: value of type 'UserCreated' has no member 'nam'
        }
    }
}
