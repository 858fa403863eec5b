import EventDispatch

private func register(_ counter: Counter, on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            // error: capture of 'counter' with non-Sendable type 'Counter' in a '@Sendable' closure
            Handle { event in counter.count += 1 }
        }
    }
}
