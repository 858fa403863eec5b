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

    /// A model is about to be created; throwing prevents it.
    nonisolated(nonsending) func creating(_ model: Model) async throws
    /// A model was created; it is the one that the operation returned.
    nonisolated(nonsending) func created(_ model: Model) async throws
    /// A model is about to be updated; throwing prevents it.
    nonisolated(nonsending) func updating(_ model: Model) async throws
    /// A model was updated; it is the one that the operation returned.
    nonisolated(nonsending) func updated(_ model: Model) async throws
    /// A model is about to be deleted; throwing prevents it.
    nonisolated(nonsending) func deleting(_ model: Model) async throws
    /// A model was deleted; it is the one that the operation returned.
    nonisolated(nonsending) func deleted(_ model: Model) async throws
}

extension ModelObserver {
    /// Does nothing.
    public nonisolated(nonsending) func creating(_ model: Model) async throws {}
    /// Does nothing.
    public nonisolated(nonsending) func created(_ model: Model) async throws {}
    /// Does nothing.
    public nonisolated(nonsending) func updating(_ model: Model) async throws {}
    /// Does nothing.
    public nonisolated(nonsending) func updated(_ model: Model) async throws {}
    /// Does nothing.
    public nonisolated(nonsending) func deleting(_ model: Model) async throws {}
    /// Does nothing.
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
