import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: cannot convert value of type 'String' to expected argument type 'Int'
            Handle { _ in await Task.yield() }.concurrency("4")
        }
    }
}
