import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: has no member 'retri'
            Handle { event in print(event.name) }.retri(3)
        }
    }
}
