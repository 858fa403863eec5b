import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(Login.self) {
            // error: 'nil' is not compatible with expected argument type 'Int'
            Where(\.age < nil)
            Handle { _ in }
        }
    }
}
