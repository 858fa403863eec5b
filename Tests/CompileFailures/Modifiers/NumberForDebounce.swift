import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: cannot convert value of type 'Int' to expected argument type 'Duration'
            Handle { _ in }.debounce(300)
        }
    }
}
