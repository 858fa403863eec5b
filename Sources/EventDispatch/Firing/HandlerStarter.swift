/// Starts the handlers of a fire, if they may start.
struct HandlerStarter {
    var fire: Fire
    var observation: FireObservation?
    var claims = LimitClaims()
    var halt = DispatchHalt()

    init(_ fire: Fire) {
        self.fire = fire
        observation = FireObservation.of(fire)
    }

    /// Starts a handler, if it may start: checked at the last moment, after all that ran before it.
    ///
    /// - Parameter inChild: whether a handler that could run in place is to be called in a child task as well.
    mutating func start(
        _ handler: RegisteredHandler,
        on isolation: (any Actor)?,
        inChild: Bool = false
    ) -> HandlerStart {
        let isAwaited = handler.mustBeAwaited(on: isolation)
        if let result = obstacle(to: handler, isAwaited: isAwaited) { return .ended(HandlerRun(notStarted: result)) }
        guard handler.beginRun() else { return .ended(HandlerRun(notStarted: .skipped(handler.haltReason))) }
        guard !handler.hasLimits || claims.claim(for: handler, of: fire.event) else {
            handler.subscription.runEnded()
            return .noMatch
        }
        let call = HandlerCall(of: handler, in: fire, observation)
        return isAwaited || inChild ? .awaits(call) : .ended(call.callInPlace())
    }

    /// The result of a handler that must not start, its subscription and limits apart; nil for one that may.
    func obstacle(to handler: RegisteredHandler, isAwaited: Bool) -> HandlerResult? {
        if let result = halt.result(for: handler, isAwaited: isAwaited, fire) { return result }
        return handler.ownerReason.map { .skipped($0) }
    }
}

/// How far a handler comes without suspending.
enum HandlerStart {
    case ended(HandlerRun)
    /// Its run has begun, and it is to be called and awaited.
    case awaits(HandlerCall)
    /// Other events used its limit up.
    case noMatch
}
