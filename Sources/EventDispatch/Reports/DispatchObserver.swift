/// Watches what a dispatcher does: for logs, metrics and traces.
///
/// All methods have empty defaults. They are called in place, on whatever thread fires, so they delay the handlers; under no
/// lock, so they may call the dispatcher; and in the order in which things happen to one fire. What they fire while they are
/// told of a fire is nested in it, so that one that fires whatever it is told ends in an error, as a circle of handlers does: observers may fire inside each
/// other four deep.
/// A dispatcher that nobody observes does nothing for it.
public protocol DispatchObserver: Sendable {
    /// An event is fired; none of its handlers has started.
    func fireStarted(_ fire: ObservedFire)
    /// All handlers of an event have an outcome.
    func fireFinished(_ fire: ObservedFire, report: any AnyDispatchReport)
    /// A handler is about to run.
    func handlerStarted(_ handler: HandlerLabel, phase: String, in fire: ObservedFire)
    /// A handler that ran has an outcome. The duration is set.
    func handlerFinished(_ outcome: HandlerOutcome, in fire: ObservedFire)
    /// A posted event will not be fired.
    func dropped(_ event: any MatchableEvent, reason: DropReason)
    /// An event matched no handler.
    func unhandled(_ fire: ObservedFire)
}

extension DispatchObserver {
    /// Does nothing.
    public func fireStarted(_ fire: ObservedFire) {}
    /// Does nothing.
    public func fireFinished(_ fire: ObservedFire, report: any AnyDispatchReport) {}
    /// Does nothing.
    public func handlerStarted(_ handler: HandlerLabel, phase: String, in fire: ObservedFire) {}
    /// Does nothing.
    public func handlerFinished(_ outcome: HandlerOutcome, in fire: ObservedFire) {}
    /// Does nothing.
    public func dropped(_ event: any MatchableEvent, reason: DropReason) {}
    /// Does nothing.
    public func unhandled(_ fire: ObservedFire) {}
}
