import EventDispatch

private let isLarge: Filter<OrderPlaced> = \.total > 100

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Where(isLarge)  // error: the filter is for another type of event
            Handle { _ in }
        }
    }
}
