import EventDispatch

private func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
    // error: cannot convert value of type 'KeyPath<Root, Value>' to expected argument type 'Filter<Login>'
    try dispatcher.on(Login.self, where: \.isAdmin) { _ in }
}
