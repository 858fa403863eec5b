/// What came of one matched handler: its result, and its reply where it succeeded.
struct HandlerRun<Event: MatchableEvent>: Sendable {
    let result: HandlerResult
    let reply: Event.Reply?
    let duration: Duration?

    /// A handler that was not called.
    init(notStarted result: HandlerResult) {
        self.result = result
        reply = nil
        duration = nil
    }

    /// Calls a handler that runs in place.
    static func calling(
        _ body: HandlerBody<Event>.Synchronous,
        with event: Event,
        _ stopwatch: Stopwatch
    ) -> Self {
        let elapsed = stopwatch.startMeasuring()
        do {
            let reply = try body(event)
            return Self(returned: reply, duration: elapsed?())
        } catch {
            return Self(threw: error, duration: elapsed?())
        }
    }

    /// Calls a handler that has to be awaited.
    nonisolated(nonsending) static func awaiting(
        _ body: HandlerBody<Event>.Asynchronous,
        with event: Event,
        _ stopwatch: Stopwatch
    ) async -> Self {
        let elapsed = stopwatch.startMeasuring()
        do {
            let reply = try await body(event)
            return Self(returned: reply, duration: elapsed?())
        } catch {
            return Self(threw: error, duration: elapsed?())
        }
    }

    /// A closure returns nil when its owner was gone and it did nothing.
    private init(returned reply: Event.Reply?, duration: Duration?) {
        result = reply == nil ? .skipped(.ownerGone) : .succeeded
        self.reply = reply
        self.duration = duration
    }

    /// In a cancelled task a `CancellationError` tells of that cancellation; otherwise it is the handler's own failure.
    private init(threw error: any Error, duration: Duration?) {
        result = error is CancellationError && Task.isCancelled ? .cancelled : .failed(error)
        reply = nil
        self.duration = duration
    }
}
