import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(UserCreated.self) {
            Where(\.name == nil)  // error: 'nil' is not compatible with expected argument type 'String'
            Handle { _ in }
        }
    }
}
