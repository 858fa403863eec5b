extension EventDispatcher {
    /// Performs an operation on a model, and fires its ``ModelChange`` around it.
    ///
    /// ```swift
    /// let saved = try await dispatcher.performing(.create, on: user) { try await database.save(user) }
    /// ```
    ///
    /// First run the handlers of the phase `before`, with the model that is given; it is a gate, so that one that throws keeps the
    /// operation from running. Then runs the operation, and then the handlers of the phase `after`, with the model that the
    /// operation returned, and those whose filters match that. When the operation throws, its error comes out, and no handler
    /// of `after` runs. The event is fired whether or not anybody observes the model.
    ///
    /// - Parameters:
    ///   - action: what the operation does.
    ///   - model: what it is done to.
    ///   - operation: does it, and returns the model as it is then. It runs on the caller's actor.
    /// - Returns: what the operation returned.
    /// - Throws: as ``fire(_:detail:fileID:line:around:)`` does.
    @discardableResult
    public nonisolated(nonsending) func performing<Model: Sendable>(
        _ action: ModelAction,
        on model: Model,
        fileID: String = #fileID,
        line: Int = #line,
        _ operation: nonisolated(nonsending) () async throws -> Model
    ) async throws -> Model {
        let site = CallSite(fileID: fileID, line: line)
        let (value, summary) = try await runAround(ModelChange(action, of: model), .failures, site, operation) {
            ModelChange(action, of: $0)
        }
        return try value.value(orProblems: summary, of: ModelChange<Model>.self)
    }

    /// Performs an operation on a model that returns no model: handlers of both phases receive the one that is given.
    ///
    /// - Throws: as ``fire(_:detail:fileID:line:around:)`` does.
    @_disfavoredOverload
    public nonisolated(nonsending) func performing<Model: Sendable>(
        _ action: ModelAction,
        on model: Model,
        fileID: String = #fileID,
        line: Int = #line,
        _ operation: nonisolated(nonsending) () async throws -> Void
    ) async throws {
        try await fire(ModelChange(action, of: model), fileID: fileID, line: line, around: operation)
    }
}
