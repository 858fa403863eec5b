import EventDispatch

private func register(_ plugin: Plugin, on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        // error: value of type 'Plugin' has no member 'handler'
        plugin.handler
    }
}
