/// What came of one matched handler: its result, and its reply where it succeeded.
struct HandlerRun<Event: MatchableEvent>: Sendable {
    let result: HandlerResult
    private(set) var reply: Event.Reply?
    var duration: Duration?

    /// A result without a reply.
    init(_ result: HandlerResult) { self.result = result }

    /// What a handler's closure returned: nil when its owner was gone and it did nothing.
    init(returned reply: Event.Reply?) {
        result = reply == nil ? .skipped(.ownerGone) : .succeeded
        self.reply = reply
    }

    /// What a handler's closure threw. In a cancelled task a `CancellationError` tells of that cancellation; otherwise it is
    /// the handler's own failure.
    init(threw error: any Error) {
        result = error is CancellationError && Task.isCancelled ? .cancelled : .failed(error)
    }

    /// Calls a handler that runs in place.
    static func calling(_ body: HandlerBody<Event>.Synchronous, with event: Event) -> Self {
        do { return Self(returned: try body(event)) } catch { return Self(threw: error) }
    }

    /// Calls a handler that has to be awaited.
    nonisolated(nonsending) static func awaiting(
        _ body: HandlerBody<Event>.Asynchronous,
        with event: Event
    ) async -> Self {
        do { return Self(returned: try await body(event)) } catch { return Self(threw: error) }
    }
}
