import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        // error: cannot find 'evnt' in scope
        OnAny(.before, .gate) { event in print(evnt) }
    }
}
