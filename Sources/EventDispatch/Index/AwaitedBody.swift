/// How to await a handler: apart, because most handlers run in place.
final class AwaitedBody: Sendable {
    /// The actor on which it runs in place; nil for one that is always awaited.
    private let actor: (any Actor)?
    let call: HandlerBody.Asynchronous
    /// Whether it asks its permit on its actor before it starts. Others start where they are called.
    let asksPermit: Bool

    /// Nil for a handler that runs in place wherever it is fired.
    init?(_ body: HandlerBody) {
        switch body {
        case .synchronous: return nil
        case .isolated(let actor, _, let afterHop):
            self.actor = actor
            call = afterHop
            asksPermit = true
        case .asynchronous(let body):
            actor = nil
            call = body
            asksPermit = false
        case .onActor(let body):
            actor = nil
            call = body
            asksPermit = true
        }
    }

    /// Whether it runs in place on an actor.
    var isBoundToActor: Bool { actor != nil }

    /// Whether a caller on the given actor, or on none, has to await the handler.
    func mustBeAwaited(on isolation: (any Actor)?) -> Bool { actor == nil || actor !== isolation }
}
