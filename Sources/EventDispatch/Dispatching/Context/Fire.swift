import Synchronization

/// One fire in progress: its event, where it stands, and what is known of how it is to be run.
final class Fire: Sendable {
    let dispatcher: EventDispatcher
    let event: EventReference
    let detail: ReportDetail
    /// The handler that fired this event.
    private let parent: HandlerScope?
    let depth: Int
    /// Whether the event was posted, so that the queue waits for this fire.
    private let isPosted: Bool
    private let stopped = Atomic(false)
    private let finished = Atomic(false)

    /// A fire whose event the caller keeps in place until it is over.
    init(
        _ event: EventReference,
        at dispatcher: EventDispatcher,
        detail: ReportDetail,
        parent: HandlerScope?,
        isPosted: Bool = false
    ) {
        self.dispatcher = dispatcher
        self.event = event
        self.detail = detail
        self.parent = parent
        self.isPosted = isPosted
        depth = (parent?.fire.depth ?? 0) + 1
    }

    /// Whether no further handler of this fire is to start.
    var isStopped: Bool { stopped.load(ordering: .acquiring) }

    func stop() { stopped.store(true, ordering: .releasing) }

    /// Whether the fire is over. A task that a handler left behind is not inside it any more.
    var isFinished: Bool { finished.load(ordering: .acquiring) }

    func finish() { finished.store(true, ordering: .releasing) }

    /// The handler that this fire is inside of: the nearest whose own fire is in progress. Others have left this one behind.
    var liveParent: HandlerScope? {
        var scope = parent
        while let ended = scope, ended.fire.isFinished { scope = ended.fire.parent }
        return scope
    }

    /// The names of the events from the outermost fire to this one.
    var path: [String] { (liveParent?.fire.path ?? []) + [event.eventType.eventName] }

    /// Whether this fire, or one that it is inside of, is of an event that was posted to a dispatcher.
    func isInsidePostedFire(of dispatcher: EventDispatcher) -> Bool {
        isPosted && self.dispatcher === dispatcher
            || liveParent?.fire.isInsidePostedFire(of: dispatcher) ?? false
    }

    /// The fires of a dispatcher that this one is inside of, itself included.
    func liveFires(of dispatcher: EventDispatcher) -> Set<ObjectIdentifier> {
        var fires = liveParent?.fire.liveFires(of: dispatcher) ?? []
        if self.dispatcher === dispatcher { fires.insert(ObjectIdentifier(self)) }
        return fires
    }
}
