import EventDispatch

private let isLarge: Filter<OrderPlaced> = \.total > 100

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Where(isLarge)  // error: static method 'buildExpression' requires the types 'UserCreated' and
            Handle { _ in }
        }
    }
}
