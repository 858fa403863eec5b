import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        // error: type 'AnyEventOptions' has no member 'veto'
        OnAny(.before, .veto) { _ in }
    }
}
