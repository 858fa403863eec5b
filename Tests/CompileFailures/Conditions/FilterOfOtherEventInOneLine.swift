import EventDispatch

private let isLarge: Filter<OrderPlaced> = \.total > 100

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    // error: cannot convert value of type 'Filter<OrderPlaced>' to expected argument type 'Filter<UserCreated>'
    try dispatcher.on(UserCreated.self, where: isLarge) { _ in }
}
