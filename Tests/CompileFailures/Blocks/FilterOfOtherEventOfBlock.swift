import EventDispatch

private let isLarge: Filter<OrderPlaced> = \.total > 100

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        // error: cannot convert value of type 'Filter<OrderPlaced>' to expected argument type 'Filter<UserCreated>'
        On(UserCreated.self, where: isLarge) { Handle { _ in } }
    }
}
