extension EventDispatcher {
    /// Fires an event: runs the handlers it matches, phase by phase, and returns when every one has an outcome.
    ///
    /// Inside a phase handlers start in order of priority, then registration. Synchronous ones run to their end in
    /// place; asynchronous ones run to their first suspension in place, then side by side. A handler without an
    /// isolation of its own runs on the caller's actor. A handler that fails stops no other.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - detail: how much the report says.
    /// - Returns: what the fire did.
    /// - Throws: ``DispatchFailure`` with all handlers' errors when a handler failed; `CancellationError` when the
    ///   calling task was cancelled; ``DispatchError`` when the dispatcher is not started.
    @discardableResult
    public nonisolated(nonsending) func fire<Event: MatchableEvent>(
        _ event: Event,
        detail: ReportDetail = .failures,
        fileID: String = #fileID,
        line: Int = #line
    ) async throws -> DispatchReport<Event> {
        let report = try await fireReporting(event, detail: detail, fileID: fileID, line: line)
        if let failure = DispatchFailure(report) { throw failure }
        try Task.checkCancellation()
        return report
    }

    /// Fires an event as ``fire(_:detail:fileID:line:)`` does, and returns failures and cancellations in the report
    /// instead of throwing them.
    ///
    /// - Throws: ``DispatchError`` when the dispatcher is not started, and nothing else.
    public nonisolated(nonsending) func fireReporting<Event: MatchableEvent>(
        _ event: Event,
        detail: ReportDetail = .failures,
        fileID: String = #fileID,
        line: Int = #line
    ) async throws(DispatchError) -> DispatchReport<Event> {
        let handlers = try handlers(matching: event, firedAt: CallSite(fileID: fileID, line: line))
        var run = DispatchRun(event: event, state: state, stopwatch: Stopwatch(for: detail, clock))
        await run.run(handlers, isolation: #isolation)
        return run.finish()
    }

    /// Fires an event from code that can't suspend: runs the matching handlers in place, one after the other.
    ///
    /// When one of them has to be awaited, nothing runs at all. A handler that is bound to an actor has to be awaited
    /// unless the caller is on that actor.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - detail: how much the report says.
    ///   - isolation: the actor that the caller is on; leave it to the default.
    /// - Returns: what the fire did.
    /// - Throws: ``DispatchError`` when a matching handler has to be awaited or the dispatcher is not started;
    ///   ``DispatchFailure`` with all handlers' errors when a handler failed.
    @discardableResult
    public func fireSynchronously<Event: MatchableEvent>(
        _ event: Event,
        detail: ReportDetail = .failures,
        isolation: isolated (any Actor)? = #isolation,
        fileID: String = #fileID,
        line: Int = #line
    ) throws -> DispatchReport<Event> {
        let location = CallSite(fileID: fileID, line: line)
        let handlers = try handlers(matching: event, firedAt: location)
        if let handler = handlers.first(where: { $0.mustSuspend(on: isolation) })?.plan.handler {
            throw DispatchError(
                code: .asynchronousHandler,
                message: "\(Event.eventName) can't be fired synchronously: \(handler.label) has to be awaited",
                location: location
            )
        }
        var run = DispatchRun(event: event, state: state, stopwatch: Stopwatch(for: detail, clock))
        run.runInPlace(handlers, isolation: isolation)
        let report = run.finish()
        if let failure = DispatchFailure(report) { throw failure }
        return report
    }

    private func handlers<Event: MatchableEvent>(
        matching event: Event,
        firedAt location: CallSite
    ) throws(DispatchError) -> [RegisteredHandler<Event>] {
        if let handlers = state.handlers(matching: event) { return handlers }
        throw DispatchError(
            code: .notStarted,
            message:
                "\(Event.eventName) can't be fired: the dispatcher\(name.isEmpty ? "" : " '\(name)'") is not started",
            location: location
        )
    }
}
