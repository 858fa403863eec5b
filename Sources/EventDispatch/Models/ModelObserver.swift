/// Observes what is done to models of a type, before and after it is done.
///
/// ```swift
/// struct UserAudit: ModelObserver {
///     func creating(_ user: User) throws { if user.name.isEmpty { throw NameMissing() } }
///     func created(_ user: User) async { await log.note("created \(user.name)") }
/// }
///
/// let audit = try dispatcher.register(UserAudit())
/// ```
///
/// All methods are optional, and may be synchronous and not throw. They run on the caller's actor unless they have an isolation
/// of their own. An observer is a subscriber: to ``ModelChange`` of its model, in both phases.
public protocol ModelObserver<Model>: EventSubscriber, Sendable {
    /// The type of the models.
    associatedtype Model: Sendable

    /// A model is about to be created.
    ///
    /// - Throws: an error, which prevents the creation.
    nonisolated(nonsending) func creating(_ model: Model) async throws
    /// A model was created; it is the one that the operation returned.
    ///
    /// - Throws: a failure, which undoes nothing: `performing` throws it, `performingReporting` reports it.
    nonisolated(nonsending) func created(_ model: Model) async throws
    /// A model is about to be updated.
    ///
    /// - Throws: an error, which prevents the update.
    nonisolated(nonsending) func updating(_ model: Model) async throws
    /// A model was updated; it is the one that the operation returned.
    ///
    /// - Throws: a failure, which undoes nothing: `performing` throws it, `performingReporting` reports it.
    nonisolated(nonsending) func updated(_ model: Model) async throws
    /// A model is about to be deleted.
    ///
    /// - Throws: an error, which prevents the deletion.
    nonisolated(nonsending) func deleting(_ model: Model) async throws
    /// A model was deleted; it is the one that the operation returned.
    ///
    /// - Throws: a failure, which undoes nothing: `performing` throws it, `performingReporting` reports it.
    nonisolated(nonsending) func deleted(_ model: Model) async throws
}

extension ModelObserver {
    /// Does nothing, and throws nothing.
    public nonisolated(nonsending) func creating(_ model: Model) async throws {}
    /// Does nothing, and throws nothing.
    public nonisolated(nonsending) func created(_ model: Model) async throws {}
    /// Does nothing, and throws nothing.
    public nonisolated(nonsending) func updating(_ model: Model) async throws {}
    /// Does nothing, and throws nothing.
    public nonisolated(nonsending) func updated(_ model: Model) async throws {}
    /// Does nothing, and throws nothing.
    public nonisolated(nonsending) func deleting(_ model: Model) async throws {}
    /// Does nothing, and throws nothing.
    public nonisolated(nonsending) func deleted(_ model: Model) async throws {}

    /// One handler for each phase of ``ModelChange``.
    @SubscriptionBuilder public var handlers: [SubscriptionDeclaration] {
        On(ModelChange<Model>.self) {
            Phase(.before) {
                Handle("\(Self.self)") { change in
                    switch change.action {
                    case .create: try await creating(change.model)
                    case .update: try await updating(change.model)
                    case .delete: try await deleting(change.model)
                    }
                }
            }
            Phase(.after) {
                Handle("\(Self.self)") { change in
                    switch change.action {
                    case .create: try await created(change.model)
                    case .update: try await updated(change.model)
                    case .delete: try await deleted(change.model)
                    }
                }
            }
        }
    }
}

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
    /// of `after` runs. The event is fired whether or not anybody observes the model. A ``DispatchObserver`` is told of everything
    /// after the operation with the model that it returned.
    ///
    /// - Parameters:
    ///   - action: what the operation does.
    ///   - model: what it is done to.
    ///   - operation: does it, and returns the model as it is then. It runs on the caller's actor.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: what the operation returned.
    /// - Throws: as ``fire(_:detail:fileID:line:around:)`` does. When a handler of `after` fails, the model that the operation
    ///   returned is lost; ``performingReporting(_:on:detail:fileID:line:_:)`` returns it all the same.
    @discardableResult
    public nonisolated(nonsending) func performing<Model: Sendable>(
        _ action: ModelAction,
        on model: Model,
        fileID: String = #fileID,
        line: Int = #line,
        _ operation: nonisolated(nonsending) () async throws -> Model
    ) async throws -> Model {
        let site = CallSite(fileID: fileID, line: line)
        let (result, summary) = try await runAround(action, model, .failures, site, operation)
        return try result.value(orProblems: summary, of: ModelChange<Model>.self, at: site)
    }

    /// Performs an operation on a model that returns no model: handlers of both phases receive the one that is given.
    ///
    /// - Parameters:
    ///   - action: what the operation does.
    ///   - model: what it is done to.
    ///   - operation: does it, on the caller's actor.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
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

    /// Performs an operation on a model as ``performing(_:on:fileID:line:_:)->_`` does, and returns failures and cancellations of
    /// handlers in the report, beside the model.
    ///
    /// - Parameters:
    ///   - action: what the operation does.
    ///   - model: what it is done to.
    ///   - detail: how much the report says.
    ///   - operation: does it, and returns the model as it is then. It runs on the caller's actor.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: what the operation returned, nil when a gate, a stop or a cancellation kept it from running; and what the fire
    ///   did.
    /// - Throws: what the operation throws; ``DispatchError`` when the dispatcher is not started or has stopped, or fires are nested
    ///   too deep.
    public nonisolated(nonsending) func performingReporting<Model: Sendable>(
        _ action: ModelAction,
        on model: Model,
        detail: ReportDetail = .failures,
        fileID: String = #fileID,
        line: Int = #line,
        _ operation: nonisolated(nonsending) () async throws -> Model
    ) async throws -> (model: Model?, report: DispatchReport<ModelChange<Model>>) {
        let site = CallSite(fileID: fileID, line: line)
        let (result, summary) = try await runAround(action, model, detail, site, operation)
        return (result.value, DispatchReport(summary))
    }

    private nonisolated(nonsending) func runAround<Model: Sendable>(
        _ action: ModelAction,
        _ model: Model,
        _ detail: ReportDetail,
        _ location: CallSite,
        _ operation: nonisolated(nonsending) () async throws -> Model
    ) async throws -> (result: OperationResult<Model>, summary: DispatchSummary) {
        try await runAround(ModelChange(action, of: model), detail, location, operation) { ModelChange(action, of: $0) }
    }
}
