import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Where { event in event.nam == "x" }  // error: value of type 'UserCreated' has no member 'nam'
            Handle { _ in }
        }
    }
}
