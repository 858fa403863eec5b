import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    var count = 0
    // error: mutation of captured var 'count' in concurrently-executing code
    return try dispatcher.on(UserCreated.self) { event in count += 1 }
}
