import EventDispatch

private func announce(on dispatcher: EventDispatcher) async throws {
    try await dispatcher.fire("hello")  // error: requires that 'String' conform to 'MatchableEvent'
}
