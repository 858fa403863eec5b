import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(Quote.self) {
            // error: cannot convert value of type 'String' to closure result type 'Quote.Reply' (aka 'Int')
            Handle { _ in "ten" }
        }
    }
}
