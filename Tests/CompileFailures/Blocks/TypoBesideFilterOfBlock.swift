import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        // error: value of type 'UserCreated' has no member 'nam'
        On(UserCreated.self, where: \.logins > 3) { Handle { event in print(event.nam) } }
    }
}
