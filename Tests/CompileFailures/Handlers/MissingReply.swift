import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(Quote.self) {
            // error: cannot convert value of type '()' to closure result type 'Quote.Reply' (aka 'Int')
            Handle { event in print(event.amount) }
        }
    }
}
