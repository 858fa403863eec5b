/// The closure of a handler, by what it takes to run it.
///
/// Synchronous and asynchronous closures are kept apart, because the one costs a call and the other a suspension.
@usableFromInline
enum HandlerBody: Sendable {
    @usableFromInline typealias Synchronous = @Sendable (EventReference) throws -> HandlerReply
    @usableFromInline
    typealias Asynchronous =
        nonisolated(nonsending) @Sendable (EventReference, StartPermit) async throws -> HandlerReply

    /// Runs in place, on whatever thread fires.
    case synchronous(Synchronous)
    /// Is synchronous on its actor: in place for a caller on that actor, otherwise after a hop.
    case isolated(any Actor, inPlace: Synchronous, afterHop: Asynchronous)
    /// Has to be awaited.
    case asynchronous(Asynchronous)
    /// Has to be awaited, and goes to its actor first, where it asks its permit whether it may still start.
    case onActor(Asynchronous)

    /// What runs in place where the handler need not be awaited.
    var inPlace: Synchronous {
        switch self {
        case .synchronous(let body), .isolated(_, let body, _): body
        case .asynchronous, .onActor: { _ in preconditionFailure("an asynchronous handler is awaited") }
        }
    }
}
