import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: type 'RetryPolicy' has no member 'exponentially'
            Handle { _ in }.retry(.exponentially(from: .seconds(1), attempts: 3))
        }
    }
}
