extension EventDispatcher {
    /// Fires an event: runs the handlers it matches, phase by phase, and returns when every one has an outcome.
    ///
    /// Inside a phase handlers start in order of priority, then registration. Synchronous ones run to their end in
    /// place; asynchronous ones run to their first suspension in place, then side by side. A handler without an
    /// isolation of its own runs on the caller's actor. A handler that fails stops no other, unless its phase is a gate or
    /// its block `.failFast`. A handler may fire: a nested fire runs at once, depth first.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - detail: how much the report says.
    /// - Returns: what the fire did.
    /// - Throws: ``DispatchFailure`` with all handlers' errors when a handler failed or overran its time-out;
    ///   `CancellationError` when the calling task was cancelled; ``DispatchError`` when the dispatcher is not started, or
    ///   fires are nested deeper than its `maximumDepth`.
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
    /// - Throws: ``DispatchError`` when the dispatcher is not started or fires are nested too deep, and nothing else.
    public nonisolated(nonsending) func fireReporting<Event: MatchableEvent>(
        _ event: Event,
        detail: ReportDetail = .failures,
        fileID: String = #fileID,
        line: Int = #line
    ) async throws(DispatchError) -> DispatchReport<Event> {
        let frame = try enter(Event.self, at: CallSite(fileID: fileID, line: line))
        defer { leave(frame) }
        return DispatchReport(await run(EventStorage(event), in: frame, detail: detail, isolation: #isolation))
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
    /// - Throws: ``DispatchError`` when a matching handler has to be awaited, the dispatcher is not started, or fires are
    ///   nested too deep; ``DispatchFailure`` with all handlers' errors when a handler failed; `CancellationError` when one
    ///   passed the cancellation of the calling task on.
    @discardableResult
    public func fireSynchronously<Event: MatchableEvent>(
        _ event: Event,
        detail: ReportDetail = .failures,
        isolation: isolated (any Actor)? = #isolation,
        fileID: String = #fileID,
        line: Int = #line
    ) throws -> DispatchReport<Event> {
        let location = CallSite(fileID: fileID, line: line)
        let frame = try enter(Event.self, at: location)
        defer { leave(frame) }
        let summary = try withUnsafePointer(to: event) { pointer in
            try runInPlace(EventReference(pointer), in: frame, detail: detail, isolation: isolation, at: location)
        }
        let report = DispatchReport<Event>(summary)
        if let failure = DispatchFailure(report) { throw failure }
        if report.outcomes.contains(where: \.result.isCancelled) { throw CancellationError() }
        return report
    }

    /// Fires an event whose turn in the queue has come. What its handlers throw is for observers to see.
    func firePosted<Event: MatchableEvent>(_ event: Event) async {
        let frame = DispatchFrame(dispatcher: self, event: Event.self, parent: nil, isPosted: true)
        guard activity.beginFire(isAwaited: true) else { return }
        defer { leave(frame) }
        _ = await run(EventStorage(event), in: frame, detail: .failures, isolation: #isolation)
    }

    private func run(
        _ storage: EventStorage,
        in frame: DispatchFrame,
        detail: ReportDetail,
        isolation: isolated (any Actor)?
    ) async -> DispatchSummary {
        let handlers = registry.handlers(matching: storage.reference)
        let fire = FireContext(event: storage.reference, storage: storage, frame: frame, detail: detail)
        var run = DispatchRun(fire)
        return await run.run(handlers, isolation: isolation)
    }

    private func runInPlace(
        _ event: EventReference,
        in frame: DispatchFrame,
        detail: ReportDetail,
        isolation: (any Actor)?,
        at location: CallSite
    ) throws(DispatchError) -> DispatchSummary {
        let handlers = registry.handlers(matching: event)
        if let handler = handlers.first(where: { $0.body.mustBeAwaited(on: isolation) }) {
            throw DispatchError(
                code: .asynchronousHandler,
                message: "\(event.eventType.eventName) can't be fired synchronously: \(handler.label) has to be awaited",
                location: location
            )
        }
        var run = DispatchRun(FireContext(event: event, frame: frame, detail: detail))
        return run.runInPlace(handlers, isolation: isolation)
    }

    /// Begins a fire, inside the handler that calls for it if there is one.
    private func enter(
        _ event: any MatchableEvent.Type,
        at location: CallSite
    ) throws(DispatchError) -> DispatchFrame {
        let parent = HandlerScope.current
        let frame = DispatchFrame(dispatcher: self, event: event, parent: parent, isPosted: false)
        guard frame.depth <= maximumDepth else {
            throw DispatchError(
                code: .nestedTooDeep,
                message: "fires are nested deeper than \(maximumDepth): \(frame.path.joined(separator: " → "))",
                location: location
            )
        }
        let isAwaited = parent.map { $0.frame.fires(of: self) > 0 } ?? false
        guard activity.beginFire(isAwaited: isAwaited) else { throw notStarted(event, "fired", at: location) }
        return frame
    }

    private func leave(_ frame: DispatchFrame) {
        frame.finish()
        activity.endFire()
    }

    func notStarted(_ event: any MatchableEvent.Type, _ verb: String, at location: CallSite) -> DispatchError {
        DispatchError(
            code: .notStarted,
            message:
                "\(event.eventName) can't be \(verb): the dispatcher\(name.isEmpty ? "" : " '\(name)'") is not started",
            location: location
        )
    }
}
