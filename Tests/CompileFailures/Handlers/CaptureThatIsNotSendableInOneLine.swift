import EventDispatch

private func register(_ counter: Counter, on dispatcher: EventDispatcher) throws -> EventSubscription {
    // error: capture of 'counter' with non-Sendable type 'Counter' in a '@Sendable' closure
    try dispatcher.on(UserCreated.self) { event in counter.count += 1 }
}
