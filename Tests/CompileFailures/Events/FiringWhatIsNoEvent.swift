import EventDispatch

private func announce(on dispatcher: EventDispatcher) async throws {
    // error: argument type 'String' does not conform to expected type 'MatchableEvent'
    try await dispatcher.fire("hello")
}
