import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Handle { event in print(event.name) }.limitt(3)  // error: has no member 'limitt'
        }
    }
}
