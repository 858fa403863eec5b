import EventDispatch

private func register(_ mailer: Mailer, on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Handle(mailer.send)  // error: actor-isolated instance method 'send' can not be partially applied
        }
    }
}
