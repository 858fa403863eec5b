import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Handle { event in event.name }  // warning: expression of type 'String' is unused
        }
    }
}
