import EventDispatch

private func register(on dispatcher: EventDispatcher) throws {
    // warning: result of call to 'subscribe(id:fileID:line:_:)' is unused
    try dispatcher.subscribe {
        On(UserCreated.self) { Handle { _ in } }
    }
}
