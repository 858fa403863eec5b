import EventDispatch

private func register(on dispatcher: EventDispatcher) throws {
    // warning: result of call to 'on(_:where:during:fileID:line:_:)' is unused
    try dispatcher.on(UserCreated.self) { _ in }
}
