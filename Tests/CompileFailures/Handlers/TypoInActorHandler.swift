import EventDispatch

private func register(_ mailer: Mailer, on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: value of type 'Mailer' has no member 'sendd'
            Handle(on: mailer) { mailer, event in mailer.sendd(event) }
        }
    }
}
