import EventDispatch

private func register(_ mailer: Mailer, on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Handle { event in await mailer.sendd(event) }  // error: has no member 'sendd'
        }
    }
}
