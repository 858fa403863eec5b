import EventDispatch

private func ask(_ event: UserCreated, on dispatcher: EventDispatcher) async throws {
    try await dispatcher.reply(to: event)  // warning: its handlers reply nothing, because its 'Reply' is 'Void'
}
