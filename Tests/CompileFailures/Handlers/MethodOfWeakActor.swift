import EventDispatch

private func register(_ mailer: Mailer, on dispatcher: EventDispatcher) throws -> EventSubscription {
    // error: cannot convert value of type '@Sendable (UserCreated) -> ()' to expected argument type '@Sendable (isolated Mailer, UserCreated)
    try dispatcher.on(UserCreated.self, weak: mailer, mailer.send)
}
