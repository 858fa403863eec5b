import EventDispatch

private func bill(_ event: OrderPlaced) {}

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Handle("bill", bill)  // error: cannot convert value of type '@Sendable (OrderPlaced) -> ()'
        }
    }
}
