import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    // error: cannot convert value of type 'String' to closure result type 'Int'
    try dispatcher.on(NamedRequest<String, Int>.self) { _ in "ten" }
}
