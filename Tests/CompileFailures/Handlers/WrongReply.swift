import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    // error: cannot convert value of type 'String' to closure result type 'Quote.Reply' (aka 'Int')
    try dispatcher.on(Quote.self) { _ in "ten" }
}
