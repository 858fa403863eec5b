import EventDispatch

/// Whether the subscribed handlers run while events are expected.
public enum ExpectationHandlers: Hashable, Sendable {
    /// They run.
    case run
    /// They are muted: what is fired is recorded, and reaches no handler that was subscribed before.
    case muted
}

extension EventDispatcher {
    /// Runs a closure, and fails unless the events that it fires are those that are expected.
    ///
    /// ```swift
    /// try await dispatcher.expecting {
    ///     Fires(UserCreated.self, times: 1) { Where(\.role == .admin) }
    ///     NeverFires(UserDeleted.self)
    /// } during: {
    ///     try await signUp("susan")
    /// }
    /// ```
    ///
    /// All that this dispatcher fires meanwhile counts, from whatever task, and what is posted, which is waited for. Afterwards
    /// everything is as before, also when the closure throws; then its error comes out, and nothing is checked.
    ///
    /// A failure names the file of a trace, which ``EventRecorder/savedTrace(fileID:line:)`` writes.
    ///
    /// - Parameters:
    ///   - isStrict: whether events that no `Fires` expects are failures too.
    ///   - handlers: whether the handlers that are subscribed run meanwhile.
    ///   - report: takes the failure instead of it being thrown: `{ Issue.record("\($0)") }` with Swift Testing,
    ///     `{ XCTFail("\($0)") }` with XCTest.
    ///   - expectations: what is expected.
    ///   - body: what fires. It runs on the caller's actor.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: what the closure returns.
    /// - Throws: ``ExpectationFailure``; what the closure throws; `DispatchError` for conditions that can't be right, before the
    ///   closure runs.
    @discardableResult
    public nonisolated(nonsending) func expecting<Result>(
        strict isStrict: Bool = false,
        handlers: ExpectationHandlers = .run,
        reporting report: ((ExpectationFailure) -> Void)? = nil,
        fileID: String = #fileID,
        line: Int = #line,
        @ExpectationBuilder _ expectations: () -> [ExpectationDeclaration],
        during body: nonisolated(nonsending) () async throws -> Result
    ) async throws -> Result {
        let expectations = expectations()
        for expectation in expectations {
            if let defect = expectation.defect { throw defect }
        }
        let recorder = EventRecorder(self)
        let result: Result
        switch handlers {
        case .run: result = try await draining(body)
        case .muted: result = try await withAllMuted { try await draining(body) }
        }
        recorder.stop()
        let review = ExpectationReview(expectations: expectations, events: recorder.events, isStrict: isStrict)
        let problems = review.problems
        guard !problems.isEmpty else { return result }
        let site = CallSite(fileID: fileID, line: line)
        let failure = ExpectationFailure(problems: problems, location: site, trace: try? recorder.saveTrace(site))
        guard let report else { throw failure }
        report(failure)
        return result
    }
}
