extension EventDispatcher {
    /// Fires an event around an operation: the phases before the event's `main` phase run first, then the operation, then the
    /// `main` phase and those after it.
    ///
    /// ```swift
    /// let receipt = try await dispatcher.fire(OrderPlaced(customer: "acme", total: 12)) {
    ///     try await shop.charge(12)
    /// }
    /// ```
    ///
    /// - When a handler fails in a phase that is a gate, the operation and all later phases do not run. A failure in another
    ///   phase stops nothing.
    /// - When the operation throws, later phases do not run, and its error comes out as it is.
    /// - When the calling task is cancelled before the operation's turn, the operation does not run.
    /// - When a handler calls ``DispatchContext/stop()`` before the operation's turn, the operation does not run.
    ///
    /// Handlers that are added meanwhile see the next fire. The operation runs on the caller's actor, and inside the fire as a
    /// handler does: it has a ``DispatchContext``, what it fires is nested in this fire, and ``stop(deadline:)`` of the same
    /// dispatcher does not wait for it.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - detail: how much a thrown failure says.
    ///   - operation: runs between the phases, on the caller's actor.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: what the operation returns.
    /// - Throws: what the operation throws; ``DispatchFailure`` with all handlers' errors when a handler failed, in phases after
    ///   the operation too, where ``fireReporting(_:detail:fileID:line:around:)`` would return the operation's value all the same;
    ///   `CancellationError` when the calling task was cancelled and something did not run for it; ``DispatchError`` when a
    ///   handler stopped the fire before the operation, the dispatcher is not started or has stopped, or fires are nested too deep.
    @discardableResult
    public nonisolated(nonsending) func fire<Event: MatchableEvent, Value>(
        _ event: Event,
        detail: ReportDetail = .failures,
        fileID: String = #fileID,
        line: Int = #line,
        around operation: nonisolated(nonsending) () async throws -> Value
    ) async throws -> Value {
        let site = CallSite(fileID: fileID, line: line)
        let (result, summary) = try await runAround(event, detail, site, operation) { _ in nil }
        return try result.value(orProblems: summary, of: Event.self, at: site)
    }

    /// Fires an event around an operation as ``fire(_:detail:fileID:line:around:)`` does, and returns failures and cancellations
    /// of handlers in the report, beside the operation's value.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - detail: how much the report says.
    ///   - operation: runs between the phases, on the caller's actor.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: what the operation returned, nil when a gate, a stop or a cancellation kept it from running; and what the fire
    ///   did.
    /// - Throws: what the operation throws; ``DispatchError`` when the dispatcher is not started or has stopped, or fires are nested
    ///   too deep.
    public nonisolated(nonsending) func fireReporting<Event: MatchableEvent, Value>(
        _ event: Event,
        detail: ReportDetail = .failures,
        fileID: String = #fileID,
        line: Int = #line,
        around operation: nonisolated(nonsending) () async throws -> Value
    ) async throws -> (value: Value?, report: DispatchReport<Event>) {
        let site = CallSite(fileID: fileID, line: line)
        let (result, summary) = try await runAround(event, detail, site, operation) { _ in nil }
        return (result.value, DispatchReport(summary))
    }

    /// Fires an event around an operation. What the operation returns may replace the event: the phases after it are then those
    /// of the replacement, with the handlers that match that.
    nonisolated(nonsending) func runAround<Event: MatchableEvent, Value>(
        _ event: Event,
        _ detail: ReportDetail,
        _ location: CallSite,
        _ operation: nonisolated(nonsending) () async throws -> Value,
        replacement: (Value) -> Event?
    ) async throws -> (result: OperationResult<Value>, summary: DispatchSummary) {
        let copy = EventCopy(event)
        defer { withExtendedLifetime(copy) {} }
        var fire = Fire(copy.reference, at: self, detail: detail, parent: .current)
        try begin(fire, location.fileID, location.line)
        let ended: Result<(result: OperationResult<Value>, summary: DispatchSummary), any Error>
        do {
            ended = .success(try await runAround(&fire, operation, replacement))
        } catch {
            ended = .failure(error)
        }
        let value = try? ended.get()
        await end(
            fire,
            hasFailed: value.map { $0.result.value == nil || $0.summary.hasFailed(fire) } ?? true,
            isolation: #isolation
        )
        return try ended.get()
    }

    /// Runs a fire that has begun, around an operation.
    ///
    /// - Parameter fire: the fire; the one that goes on where it ended, once the event is replaced.
    private nonisolated(nonsending) func runAround<Event: MatchableEvent, Value>(
        _ fire: inout Fire,
        _ operation: nonisolated(nonsending) () async throws -> Value,
        _ replacement: (Value) -> Event?
    ) async throws -> (result: OperationResult<Value>, summary: DispatchSummary) {
        let main = Array(Event.Phases.allCases).firstIndex(of: .main) ?? Event.Phases.allCases.count
        let (handlers, version) = registry.versionedHandlers(matching: fire.event)
        let later = handlers.filter { $0.order.phaseIndex >= main }
        var run = DispatchRun(fire)
        let stopwatch = run.begin()
        await run.runBatches(of: handlers.filter { $0.order.phaseIndex < main }, isolation: #isolation)
        let isStopped = fire.isStopped
        guard !run.isVetoed, !isStopped, !Task.isCancelled else {
            // The same reason keeps these from starting, and their outcomes say so.
            await run.runBatches(of: later, isolation: #isolation)
            run.finish(stopwatch)
            return (isStopped ? .stopped : .prevented, run.end())
        }
        let value: Value
        do {
            value = try await RunScope(besideHandlersOf: fire).call(operation, isolation: #isolation)
        } catch {
            run.refuse(later, .operationFailed)
            run.finish(stopwatch)
            throw error
        }
        guard let replacement = replacement(value) else {
            await run.runBatches(of: later, isolation: #isolation)
            run.finish(stopwatch)
            return (.returned(value), run.end())
        }
        let replaced = EventCopy(replacement)
        defer { withExtendedLifetime(replaced) {} }
        let next = Fire(replaced.reference, at: self, detail: fire.detail, parent: .current)
        if fire.finish() { for event in fire.takeEventsForAfterwards() { _ = next.fireAfterwards(event) } }
        fire = next
        run.proceed(with: next)
        // Those that were registered meanwhile see the next fire, unless they replace others that this one would have reached.
        let handlersOfNext = registry.handlers(matching: next.event).filter {
            $0.order.phaseIndex >= main && min($0.order.registration, $0.subscription.firstVersion) <= version
        }
        await run.runBatches(of: handlersOfNext, isolation: #isolation)
        run.finish(stopwatch)
        return (.returned(value), run.end())
    }
}
