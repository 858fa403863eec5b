import EventDispatch

private func register(_ mailer: Mailer, on dispatcher: EventDispatcher) throws -> EventSubscription {
    // error: expects 2 arguments, but 1 was used in closure body
    try dispatcher.on(UserCreated.self, weak: mailer) { mailer in print(mailer) }
}
