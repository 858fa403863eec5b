import EventDispatch

private func announce(on dispatcher: EventDispatcher) async throws {
    try await dispatcher.fire("hello")  // error: argument type 'String' does not conform to expected type 'MatchableEvent'
}
