import Synchronization

/// What may keep a handler from starting or end it: apart, because most handlers have none of it.
final class HandlerRules: Sendable {
    let limits: [PlannedLimit]
    let owner: HandlerOwner?
    let timeout: HandlerTimeout?

    /// Nil for a handler without limits, owner and time-out.
    ///
    /// - Parameter declared: the handler of any event that this is for one type of event, and that has the owner.
    init?(_ plan: HandlerPlan, of declared: RegisteredHandler?) {
        guard !plan.limits.isEmpty || plan.handler.owner != nil || plan.handler.timeout != nil else { return nil }
        limits = plan.limits
        owner = declared?.owner ?? plan.handler.owner.map { HandlerOwner($0) }
        timeout = plan.handler.timeout
    }

    /// Whether a limit leaves no start, ever.
    var isUsedUp: Bool { limits.contains { $0.limit.isUsedUp } }
}

/// The object that a `weak:` handler ends with, and whether the handler was ended for it.
///
/// There is one for each registration: a `Handle` can be declared in several dispatchers.
final class HandlerOwner: @unchecked Sendable {
    // Sound: `links` and `position` are only touched under the registry's lock.

    let life: ObjectLife
    private let cancelled = Atomic(false)
    /// The neighbours among the handlers of the same owner.
    var links = HandlerLinks()
    /// The place among the handlers that have owners.
    var position = 0

    init(_ life: ObjectLife) { self.life = life }

    /// Why the handler must not start any more; nil when it may.
    var end: HandlerEnd? {
        if cancelled.load(ordering: .sequentiallyConsistent) { return .cancelled }
        return life.isOver ? .ownerGone : nil
    }

    /// Ends the handler, though the object lives.
    func cancel() { cancelled.store(true, ordering: .sequentiallyConsistent) }
}
