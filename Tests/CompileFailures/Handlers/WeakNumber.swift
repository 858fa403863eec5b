import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    // error: requires that 'Int' be a class type
    try dispatcher.on(UserCreated.self, weak: 3) { _, event in print(event) }
}
