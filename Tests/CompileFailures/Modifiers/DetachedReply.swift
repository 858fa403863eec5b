import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(Quote.self) {
            // error: requires the types 'Quote.Reply' (aka 'Int') and '()' be equivalent
            Handle { _ in 3 }.detached()
        }
    }
}
