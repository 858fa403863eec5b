import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: missing argument for parameter 'attempts' in call
            Handle { _ in await Task.yield() }.retry(.exponential(from: .seconds(1)))
        }
    }
}
