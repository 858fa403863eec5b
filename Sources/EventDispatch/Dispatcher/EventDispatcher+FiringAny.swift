// The type of the event is known when the program runs only. These are disfavoured, so that an event whose type the compiler knows takes
// the other way, and gets the report of its type; and hidden from the documentation, where those say what there is to say.

extension EventDispatcher {
    /// Fires an event whose type isn't known before the program runs, as ``fire(_:detail:fileID:line:)`` does.
    ///
    /// ```swift
    /// let events: [any MatchableEvent] = [UserCreated(name: "susan", role: .admin), CacheCleared()]
    /// for event in events { print(try await dispatcher.fire(event).matched) }
    /// ```
    ///
    /// It reaches the handlers that the event's own type has.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - detail: how much the report says.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: what the fire did; a ``DispatchReport`` of the event's type.
    /// - Throws: what ``fire(_:detail:fileID:line:)`` throws.
    @discardableResult
    @_disfavoredOverload
    @_documentation(visibility: internal)
    public nonisolated(nonsending) func fire(
        _ event: any MatchableEvent,
        detail: ReportDetail = .failures,
        fileID: String = #fileID,
        line: Int = #line
    ) async throws -> any AnyDispatchReport {
        try await fireOpened(event, detail, fileID, line)
    }

    /// Fires an event whose type isn't known before the program runs, as ``fireReporting(_:detail:fileID:line:)`` does.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - detail: how much the report says.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: what the fire did; a ``DispatchReport`` of the event's type.
    /// - Throws: ``DispatchError`` when the dispatcher is not started or fires are nested too deep, and nothing else.
    @_disfavoredOverload
    @_documentation(visibility: internal)
    public nonisolated(nonsending) func fireReporting(
        _ event: any MatchableEvent,
        detail: ReportDetail = .failures,
        fileID: String = #fileID,
        line: Int = #line
    ) async throws(DispatchError) -> any AnyDispatchReport {
        try await fireReportingOpened(event, detail, fileID, line)
    }

    /// Fires an event whose type isn't known before the program runs, as ``fireSynchronously(_:detail:isolation:fileID:line:)`` does.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - detail: how much the report says.
    ///   - isolation: the actor that the caller is on; leave it to the default.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: what the fire did; a ``DispatchReport`` of the event's type.
    /// - Throws: what ``fireSynchronously(_:detail:isolation:fileID:line:)`` throws.
    @discardableResult
    @_disfavoredOverload
    @_documentation(visibility: internal)
    public func fireSynchronously(
        _ event: any MatchableEvent,
        detail: ReportDetail = .failures,
        isolation: isolated (any Actor)? = #isolation,
        fileID: String = #fileID,
        line: Int = #line
    ) throws -> any AnyDispatchReport {
        try fireSynchronouslyOpened(event, detail, isolation: isolation, fileID, line)
    }

    private nonisolated(nonsending) func fireOpened<Event: MatchableEvent>(
        _ event: Event,
        _ detail: ReportDetail,
        _ fileID: String,
        _ line: Int
    ) async throws -> any AnyDispatchReport {
        try await fire(event, detail: detail, fileID: fileID, line: line) as DispatchReport<Event>
    }

    private nonisolated(nonsending) func fireReportingOpened<Event: MatchableEvent>(
        _ event: Event,
        _ detail: ReportDetail,
        _ fileID: String,
        _ line: Int
    ) async throws(DispatchError) -> any AnyDispatchReport {
        try await fireReporting(event, detail: detail, fileID: fileID, line: line) as DispatchReport<Event>
    }

    private func fireSynchronouslyOpened<Event: MatchableEvent>(
        _ event: Event,
        _ detail: ReportDetail,
        isolation: isolated (any Actor)?,
        _ fileID: String,
        _ line: Int
    ) throws -> any AnyDispatchReport {
        let report: DispatchReport<Event> = try fireSynchronously(
            event,
            detail: detail,
            isolation: isolation,
            fileID: fileID,
            line: line
        )
        return report
    }
}
