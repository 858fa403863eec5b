import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        // error: type 'AnyEventPhase' has no member 'during'
        OnAny(.during) { _ in }
    }
}
