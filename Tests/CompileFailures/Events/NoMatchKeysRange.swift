import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(CacheCleared.self) {
            // error: requires that 'CacheCleared' conform to 'EventThatDeclaresMatchKeys'
            Where(\.size, in: 3..<5)
            Handle { _ in }
        }
    }
}
