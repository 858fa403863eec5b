import Synchronization

/// One fire in progress: its event, where it stands, and what is known of how it is to be run.
final class Fire: Sendable {
    let dispatcher: EventDispatcher
    let event: EventReference
    let detail: ReportDetail
    /// The handler that fired this event. Weak, so that a chain of handlers that leave each other behind is no chain of
    /// references.
    private weak let parent: HandlerScope?
    /// How many fires it was inside of when it began, itself included.
    let depth: Int
    /// Whether the event was posted, so that the queue waits for this fire.
    let isPosted: Bool
    private let stopped = Atomic(false)
    /// The index of the phase in which a handler of a `.failFast` block failed last; -1 for none.
    private let failedFast = Atomic(-1)
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
        depth = (parent?.enclosing.count ?? 0) + 1
    }

    /// Whether no further handler of this fire is to start.
    var isStopped: Bool { stopped.load(ordering: .acquiring) }

    func stop() { stopped.store(true, ordering: .releasing) }

    /// Whether a handler of a `.failFast` block has failed in a phase.
    func hasFailedFast(inPhase index: Int) -> Bool { failedFast.load(ordering: .acquiring) == index }

    func failFast(inPhase index: Int) { failedFast.store(index, ordering: .releasing) }

    /// Whether the fire is over.
    var isFinished: Bool { finished.load(ordering: .acquiring) }

    func finish() { finished.store(true, ordering: .releasing) }

    /// The handler that this fire is inside of; nil when that has ended and left it behind.
    var liveParent: HandlerScope? { parent.flatMap { $0.isLive ? $0 : nil } }

    /// The names of the events from the outermost fire to this one.
    var path: [String] { (liveParent?.fire.path ?? []) + [event.eventType.eventName] }

    /// Whether this fire, or one that it is inside of, is of an event that was posted to a dispatcher.
    func isInsidePostedFire(of dispatcher: EventDispatcher) -> Bool {
        isPosted && self.dispatcher === dispatcher
            || liveParent?.fire.isInsidePostedFire(of: dispatcher) ?? false
    }
}
