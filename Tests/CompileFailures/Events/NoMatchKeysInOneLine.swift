import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    // error: requires that 'CacheCleared' conform to 'EventThatDeclaresMatchKeys'
    try dispatcher.on(CacheCleared.self, where: \.region == "x") { _ in }
}
