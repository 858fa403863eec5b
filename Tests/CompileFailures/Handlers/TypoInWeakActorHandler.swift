import EventDispatch

private func register(_ mailer: Mailer, on dispatcher: EventDispatcher) throws -> EventSubscription {
    // error: value of type 'Mailer' has no member 'sendd'
    try dispatcher.on(UserCreated.self, weak: mailer) { mailer, event in mailer.sendd(event) }
}
