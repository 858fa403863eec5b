import EventDispatch

private func register(_ mailer: Mailer, _ screen: Screen, on dispatcher: EventDispatcher) throws -> EventSubscription {
    // error: call to main actor-isolated instance method 'show' in a synchronous actor-isolated context
    try dispatcher.on(UserCreated.self, weak: mailer) { _, event in screen.show(event) }
}
