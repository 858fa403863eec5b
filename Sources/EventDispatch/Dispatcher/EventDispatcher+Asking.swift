extension EventDispatcher {
    /// Fires an event that asks something, and returns the reply of the one handler that it matches.
    ///
    /// ```swift
    /// let price = try await dispatcher.reply(to: PriceAsked(item: "apple"))
    /// ```
    ///
    /// Exactly one handler has to match, in whatever phase. Otherwise none runs. A handler that is muted, or whose limit leaves it no
    /// start, isn't a match. Handlers of ``OnAny``, sequences and kept events watch: they
    /// see the event as always, don't count, and what they throw is for observers to see.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: the reply, also when the calling task is cancelled and the handler replied all the same.
    /// - Throws: what the handler throws, as it is. ``DispatchError``: `.noHandler` and `.severalHandlers` when not exactly one handler
    ///   matches, `.noHandler` when the one was cancelled or muted before it started, `.timedOut` when it overran its time-out, and
    ///   `.fireStopped` when another stopped the fire before it; also when the dispatcher is not started, or fires are nested too deep.
    ///   ``DispatchFailure`` when a handler failed in a gate before it; `CancellationError` when the calling task was cancelled.
    public nonisolated(nonsending) func reply<Event: MatchableEvent>(
        to event: Event,
        fileID: String = #fileID,
        line: Int = #line
    ) async throws -> Event.Reply {
        try await ask(event, fileID, line)
    }

    private nonisolated(nonsending) func ask<Event: MatchableEvent>(
        _ event: Event,
        _ fileID: String,
        _ line: Int
    ) async throws -> Event.Reply {
        let site = CallSite(fileID: fileID, line: line)
        let copy = EventCopy(event)
        defer { withExtendedLifetime(copy) {} }
        let fire = Fire(copy.reference, at: self, detail: .failures, parent: .current)
        try begin(fire, fileID, line)
        let matched = registry.handlers(matching: fire.event)
        let candidates = matched.filter { $0.canReply && $0.wouldStart(for: fire.event) }
        guard let handler = candidates.first, candidates.count == 1 else {
            end(fire)
            throw Self.refusal(of: Event.self, with: candidates, at: site)
        }
        var run = DispatchRun(fire)
        // A limit may have a start again by now: others stay away all the same.
        await run.run(matched.filter { !$0.canReply || $0 === handler }, isolation: #isolation)
        let summary = run.end()
        let reply = Result { try summary.reply(of: handler, to: Event.self, at: site) }
        await end(fire, hasFailed: !reply.isSuccess, isolation: #isolation)
        return try reply.get()
    }

    // Not unavailable: the compiler would then take the other.

    /// Not for events whose handlers reply nothing.
    @_documentation(visibility: internal)
    @available(
        *,
        deprecated,
        message: "its handlers reply nothing, because its 'Reply' is 'Void': use 'fire', or declare a 'Reply'"
    )
    public nonisolated(nonsending) func reply<Event: MatchableEvent>(
        to event: Event,
        fileID: String = #fileID,
        line: Int = #line
    ) async throws where Event.Reply == Void {
        try await ask(event, fileID, line)
    }

    /// The error for an event for which none, or several, would reply.
    private static func refusal(
        of event: any MatchableEvent.Type,
        with candidates: [RegisteredHandler],
        at location: CallSite
    ) -> DispatchError {
        guard !candidates.isEmpty else {
            return DispatchError(
                code: .noHandler,
                message: "\(event.eventName) has no reply: no handler matches",
                location: location
            )
        }
        let listed = candidates.prefix(5).map(\.label.description).joined(separator: ", ")
        let rest = candidates.count > 5 ? " and \(counted(candidates.count - 5, "other"))" : ""
        return DispatchError(
            code: .severalHandlers,
            message:
                "\(event.eventName) has no one reply: \(counted(candidates.count, "handler")) match: \(listed)\(rest)",
            location: location
        )
    }
}

extension DispatchSummary {
    /// The reply of the only handler that was to reply, or else the reason why there is none.
    fileprivate func reply<Event: MatchableEvent>(
        of handler: RegisteredHandler,
        to event: Event.Type,
        at location: CallSite
    ) throws -> Event.Reply {
        if let reply = replies.lazy.compactMap(ReplyBox<Event.Reply>.reply(in:)).first { return reply }
        let outcome = outcomes.first { $0.registration == handler.order.registration }
        // Generic code asks without knowing that there is nothing to reply.
        if outcome == nil, let nothing = () as? Event.Reply { return nothing }
        if case .failed(let error)? = outcome?.result { throw error }
        if let error = outcome?.error { throw error }
        try throwProblems(of: event)
        let reason = outcome.map { "is \($0.result)" } ?? "has no start left"
        throw DispatchError(
            code: outcome?.isOfStoppedFire ?? false ? .fireStopped : .noHandler,
            message: "\(Event.eventName) has no reply: \(handler.label) \(reason)",
            location: location
        )
    }
}

extension RegisteredHandler {
    /// Whether the handler is one of the event's own: neither of any event, nor one that takes events for somebody else.
    fileprivate var canReply: Bool { !isExpansion && !subscription.onlyWatches }
}

extension HandlerOutcome {
    /// Whether the handler did not start because another stopped the fire.
    fileprivate var isOfStoppedFire: Bool {
        if case .skipped(.fireStopped) = result { true } else { false }
    }
}

extension Result {
    fileprivate var isSuccess: Bool {
        if case .success = self { true } else { false }
    }
}
