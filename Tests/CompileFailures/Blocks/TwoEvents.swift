import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        // error: cannot convert value of type 'OrderPlaced.Type' to expected argument type '() -> [ClauseDeclaration]'
        On(UserCreated.self, OrderPlaced.self) { Handle { event in print(event) } }
    }
}
