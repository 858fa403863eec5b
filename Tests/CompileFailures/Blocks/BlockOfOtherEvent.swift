import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            On(OrderPlaced.self) { Handle { _ in } }  // error: requires that 'On<OrderPlaced>' conform to 'Clause'
        }
    }
}
