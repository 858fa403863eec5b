import EventDispatch

extension Screen {
    func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
        // error: call to main actor-isolated instance method 'show' in a synchronous nonisolated context
        try dispatcher.on(UserCreated.self, weak: self) { screen, event in screen.show(event) }
    }
}
