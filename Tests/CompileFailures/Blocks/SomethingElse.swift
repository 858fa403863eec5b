import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            "no clause"  // error: requires that 'String' conform to 'Clause'
        }
    }
}
