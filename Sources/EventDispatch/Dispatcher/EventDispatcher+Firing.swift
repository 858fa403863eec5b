import CEventDispatch

// The public functions are inlinable and do little more than make the event's type disappear: specialised for the event, they look
// no metadata up, which the rest of the way then needs none of. A fire that awaits nothing calls no asynchronous function.

extension EventDispatcher {
    /// Fires an event: runs the handlers it matches, phase by phase, and returns when every one has an outcome.
    ///
    /// Inside a phase handlers start in order of priority, then registration. Synchronous ones run to their end in
    /// place; asynchronous ones run to their first suspension in place, then side by side. A handler without an
    /// isolation of its own runs on the caller's actor. A handler that fails stops no other, unless its phase is a gate or
    /// its block `.failFast`. A handler may fire: a nested fire runs at once, depth first.
    ///
    /// An event whose type isn't known before the program runs, `any MatchableEvent`, is fired as the type that it has; the report is
    /// then `any AnyDispatchReport`. That goes for ``fireReporting(_:detail:fileID:line:)`` and
    /// ``fireSynchronously(_:detail:isolation:fileID:line:)`` too.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - detail: how much the report says.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: what the fire did.
    /// - Throws: ``DispatchFailure`` with all handlers' errors when a handler failed or overran its time-out;
    ///   `CancellationError` when the calling task was cancelled; ``DispatchError`` when the dispatcher is not started or has stopped, or
    ///   fires are nested deeper than its `maximumDepth`.
    @discardableResult
    @inlinable
    public nonisolated(nonsending) func fire<Event: MatchableEvent>(
        _ event: Event,
        detail: ReportDetail = .failures,
        fileID: String = #fileID,
        line: Int = #line
    ) async throws -> DispatchReport<Event> {
        let summary = try await dispatch(event, detail, fileID, line)
        try throwProblems(of: summary, Event.self)
        return DispatchReport(summary)
    }

    /// Fires an event as ``fire(_:detail:fileID:line:)`` does, and returns failures and cancellations in the report
    /// instead of throwing them.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - detail: how much the report says.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: what the fire did.
    /// - Throws: ``DispatchError`` when the dispatcher is not started or has stopped, fires are nested too deep, and nothing else.
    @inlinable
    public nonisolated(nonsending) func fireReporting<Event: MatchableEvent>(
        _ event: Event,
        detail: ReportDetail = .failures,
        fileID: String = #fileID,
        line: Int = #line
    ) async throws(DispatchError) -> DispatchReport<Event> {
        let summary = try await dispatch(event, detail, fileID, line)
        return DispatchReport(summary)
    }

    /// Fires an event from code that can't suspend: runs the matching handlers in place, one after the other.
    ///
    /// When one of them has to be awaited, nothing runs at all, unless it would not start anyway: because its limits leave it no
    /// start, say. A handler that is bound to an actor has to be awaited unless the caller is on that actor.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - detail: how much the report says.
    ///   - isolation: the actor that the caller is on; leave it to the default.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: what the fire did.
    /// - Throws: ``DispatchError`` when a matching handler has to be awaited, the dispatcher is not started or has stopped, or fires are
    ///   nested too deep; ``DispatchFailure`` with all handlers' errors when a handler failed; `CancellationError` when one
    ///   passed the cancellation of the calling task on.
    @discardableResult
    @inlinable
    public func fireSynchronously<Event: MatchableEvent>(
        _ event: Event,
        detail: ReportDetail = .failures,
        isolation: isolated (any Actor)? = #isolation,
        fileID: String = #fileID,
        line: Int = #line
    ) throws -> DispatchReport<Event> {
        let summary = try withUnsafePointer(to: event) { pointer in
            try runInPlace(EventReference(pointer), detail, fileID, line, isolation: isolation)
        }
        return DispatchReport(summary)
    }

    /// Fires an event whose turn in the queue has come. What its handlers throw is for observers to see.
    func firePosted<Event: MatchableEvent>(_ event: Event) async {
        let copy = EventCopy(event)
        let fire = Fire(copy.reference, at: self, detail: .failures, parent: nil, postedTo: self)
        activity.nameFire(fire)
        _ = await run(fire, registry.handlers(matching: fire.event), isolation: #isolation)
        withExtendedLifetime(copy) {}
    }

    /// Fires an event: plainly if that can be. Otherwise the event is copied to a place where it stays across suspensions.
    @inlinable
    @inline(__always)
    nonisolated(nonsending) func dispatch<Event: MatchableEvent>(
        _ event: Event,
        _ detail: ReportDetail,
        _ fileID: String,
        _ line: Int
    ) async throws(DispatchError) -> DispatchSummary {
        let isolation = #isolation
        let attempt = withUnsafePointer(to: event) { startPlainly(EventReference($0), detail, isolation) }
        if case .run(let summary) = attempt { return summary }
        if case .left(let rest) = attempt { return await finish(rest, isolation: isolation) }
        let copy = UnsafeMutablePointer(holding: event)
        defer { copy.free() }
        let reference = EventReference(copy)
        if case .awaits(let handler) = attempt { return await runAlone(handler, reference, isolation: isolation) }
        return try await runFully(reference, attempt.handlers, detail, fileID, line, isolation: isolation)
    }

    /// Throws what a fire's handlers and the calling task give cause to.
    @usableFromInline
    func throwProblems(of summary: DispatchSummary, _ event: any MatchableEvent.Type) throws {
        try summary.throwProblems(of: event)
        if ed_current_task_is_cancelled() { throw CancellationError() }
    }

    /// Goes on with the fire of a lone handler, which has to be awaited.
    @usableFromInline
    func runAlone(
        _ handler: Unmanaged<RegisteredHandler>,
        _ event: EventReference,
        isolation: isolated (any Actor)?
    ) async -> DispatchSummary {
        let recording = observers.isEmpty ? nil : LoneRecording(of: handler, with: event, at: self)
        let run = LoneRun(of: handler, with: event, at: self, number: recording?.number ?? 0)
        let summary = await run.call(with: event, isolation: isolation)
        recording?.end(summary)
        if let fire = run.fireToEnd {
            await end(fire, hasFailed: summary.hasFailed(fire), isolation: isolation)
        } else {
            activity.endFire()
        }
        return summary
    }

    /// Fires what handlers of a plain run want to be fired afterwards.
    @usableFromInline
    func finish(_ rest: PlainRest, isolation: isolated (any Actor)?) async -> DispatchSummary {
        let (fire, summary) = (rest.fire, rest.summary)
        let hasFailed = summary.hasFailed(fire)
        await fireEvents(after: fire, hasFailed: hasFailed, isCounted: rest.isCounted, isolation: isolation)
        return summary
    }

    /// Runs a fire that can't be run plainly.
    ///
    /// - Parameter handlers: what it matches; nil when that is not known yet.
    @usableFromInline
    func runFully(
        _ event: EventReference,
        _ handlers: [RegisteredHandler]?,
        _ detail: ReportDetail,
        _ fileID: String,
        _ line: Int,
        isolation: isolated (any Actor)?
    ) async throws(DispatchError) -> DispatchSummary {
        // A fire that got as far as to be matched is not nested.
        let fire = Fire(event, at: self, detail: detail, parent: handlers == nil ? .current : nil)
        try begin(fire, fileID, line)
        return await run(fire, handlers ?? registry.handlers(matching: event), isolation: isolation)
    }

    /// Runs a fire that has begun.
    @discardableResult
    func run(
        _ fire: Fire,
        _ handlers: [RegisteredHandler],
        isolation: isolated (any Actor)?
    ) async -> DispatchSummary {
        var run = DispatchRun(fire)
        await run.run(handlers, isolation: isolation)
        let summary = run.end()
        await end(fire, hasFailed: summary.hasFailed(fire), isolation: isolation)
        return summary
    }

    /// Fires an event in place, whatever its type.
    @usableFromInline
    func runInPlace(
        _ event: EventReference,
        _ detail: ReportDetail,
        _ fileID: String,
        _ line: Int,
        isolation: (any Actor)?
    ) throws -> DispatchSummary {
        let attempt = runPlainly(event, detail, isolation, canAwait: false)
        if case .run(let summary) = attempt {
            try summary.throwProblems(of: event.eventType)
            return summary
        }
        if case .left(let rest) = attempt { return try finishInPlace(rest, isolation: isolation) }
        let fire = Fire(event, at: self, detail: detail, parent: .current)
        try begin(fire, fileID, line)
        let handlers = attempt.handlers ?? registry.handlers(matching: event)
        if let handler = firstToBeAwaited(of: handlers, for: event, on: isolation) {
            end(fire)
            throw DispatchError(
                code: .asynchronousHandler,
                message:
                    "\(event.eventType.eventName) can't be fired synchronously: \(handler.label) has to be awaited",
                location: CallSite(fileID: fileID, line: line)
            )
        }
        var run = DispatchRun(fire)
        run.runInPlace(handlers, isolation: isolation)
        let summary = run.end()
        if fire.finish() {
            fireEventsInPlace(after: fire, hasFailed: summary.hasProblems, isolation: isolation)
        } else {
            activity.endFire()
        }
        try summary.throwProblems(of: event.eventType)
        return summary
    }

    /// Fires, in place, what handlers of a plain run want to be fired afterwards.
    @inline(never)
    private func finishInPlace(_ rest: PlainRest, isolation: (any Actor)?) throws -> DispatchSummary {
        let (fire, summary) = (rest.fire, rest.summary)
        let hasFailed = summary.hasProblems
        fireEventsInPlace(after: fire, hasFailed: hasFailed, isCounted: rest.isCounted, isolation: isolation)
        try summary.throwProblems(of: fire.event.eventType)
        return summary
    }

    /// The first handler that keeps a fire from running in place: it would start, and has to be awaited.
    func firstToBeAwaited(
        of handlers: [RegisteredHandler],
        for event: EventReference,
        on isolation: (any Actor)?
    ) -> RegisteredHandler? {
        handlers.first { $0.mustBeAwaited(on: isolation) && $0.wouldStart(for: event) }
    }

    /// Runs a fire plainly, or begins the run of its only handler, if that can be and the task is not cancelled.
    ///
    /// Not inlined, because what an asynchronous function has on its stack lies in the task's memory: here one and a half
    /// kilobytes.
    @inline(never)
    @usableFromInline
    func startPlainly(
        _ event: EventReference,
        _ detail: ReportDetail,
        _ isolation: (any Actor)?
    ) -> PlainAttempt {
        ed_current_task_is_cancelled() ? .unknown : runPlainly(event, detail, isolation, canAwait: true)
    }

    /// Runs a fire plainly, if that can be.
    @inline(__always)
    private func runPlainly(
        _ event: EventReference,
        _ detail: ReportDetail,
        _ isolation: (any Actor)?,
        canAwait: Bool
    ) -> PlainAttempt {
        guard detail == .failures, maximumDepth > 0, !RunScope.mayBeNested else { return .unknown }
        return plainPath.attempt(event, .passUnretained(self), isolation, canAwait: canAwait)
    }

    /// Few: an observer is called several times a fire, so one that always fires multiplies the fires at each level.
    private static var maximumDepthOfObservers: Int { 4 }

    /// Begins a fire that comes after another: nil, or the reason why it can't be.
    ///
    /// - Parameter isGoingOn: whether the dispatcher counts the one before as in progress.
    func refusal(ofDeferred fire: Fire, isGoingOn: Bool) -> DropReason? {
        guard fire.generation <= maximumDepth else { return .nestedTooDeep }
        do throws(DispatchError) {
            try begin(fire, #fileID, #line, isGoingOn: isGoingOn)
            return nil
        } catch {
            switch error.code {
            case .notStarted: return .notStarted
            case .nestedTooDeep: return .nestedTooDeep
            default: return .stopped
            }
        }
    }

    /// - Parameter isGoingOn: whether the fire comes after one that the dispatcher still counts as in progress.
    func begin(_ fire: Fire, _ fileID: String, _ line: Int, isGoingOn: Bool = false) throws(DispatchError) {
        guard fire.depth <= maximumDepth else {
            throw DispatchError(
                code: .nestedTooDeep,
                message: "fires are nested deeper than \(maximumDepth): \(fire.path.joined(separator: " → "))",
                location: CallSite(fileID: fileID, line: line)
            )
        }
        guard ThreadFrame.depth <= maximumDepth else {
            throw DispatchError(
                code: .nestedTooDeep,
                message:
                    "\(fire.event.eventType.eventName) is fired inside more than \(maximumDepth) handlers on one thread, by tasks that start at once",
                location: CallSite(fileID: fileID, line: line)
            )
        }
        let enclosing = fire.liveParent?.enclosing ?? []
        guard enclosing.count(where: \.isObserver) <= Self.maximumDepthOfObservers else {
            throw DispatchError(
                code: .nestedTooDeep,
                message:
                    "observers fire inside each other more than \(Self.maximumDepthOfObservers) deep: \(fire.path.joined(separator: " → "))",
                location: CallSite(fileID: fileID, line: line)
            )
        }
        let isInsideFire = isGoingOn || enclosing.contains { $0.fire.dispatcher === self }
        if let stage = activity.beginFire(isInsideFire: isInsideFire) {
            throw refusal(of: fire.event.eventType, "fired", in: stage, at: CallSite(fileID: fileID, line: line))
        }
    }

    /// Ends a fire of which no handler ran.
    func end(_ fire: Fire) {
        _ = fire.finish()
        activity.endFire()
    }

    /// The error for an event that comes in a stage in which the dispatcher takes none.
    func refusal(
        of event: any MatchableEvent.Type,
        _ verb: String,
        in stage: ActivityStage,
        at location: CallSite
    ) -> DispatchError {
        let state = stage == .notStarted ? "not started" : "\(stage)"
        return DispatchError(
            code: stage == .notStarted ? .notStarted : .stopped,
            message:
                "\(event.eventName) can't be \(verb): the dispatcher\(name.isEmpty ? "" : " '\(name)'") is \(state)",
            location: location
        )
    }
}
