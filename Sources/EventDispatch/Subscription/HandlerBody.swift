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

    /// How a caller on the given actor, or on none, runs the handler.
    func form(on isolation: (any Actor)?) -> Form {
        switch self {
        case .synchronous(let body): .inPlace(body)
        case .isolated(let actor, let body, let hopping): actor === isolation ? .inPlace(body) : .suspending(hopping)
        case .asynchronous(let body): .suspending(body)
        }
    }

    /// What runs in place where the handler need not be awaited.
    var inPlace: Synchronous {
        switch self {
        case .synchronous(let body), .isolated(_, let body, _): body
        case .asynchronous: { _ in preconditionFailure("an asynchronous handler is awaited") }
        }
    }

    /// Whether a caller on the given actor, or on none, has to await the handler.
    func mustBeAwaited(on isolation: (any Actor)?) -> Bool {
        switch self {
        case .synchronous: false
        case .isolated(let actor, _, _): actor !== isolation
        case .asynchronous: true
        }
    }

    /// A closure that can be called at once, or one that has to be awaited.
    enum Form {
        case inPlace(Synchronous)
        case suspending(Asynchronous)

        var mustBeAwaited: Bool {
            if case .suspending = self { true } else { false }
        }
    }
}
