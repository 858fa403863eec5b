import Synchronization

/// One fire in progress, as it is seen from inside its handlers.
final class DispatchFrame: Sendable {
    let dispatcher: EventDispatcher
    let event: any MatchableEvent.Type
    /// The handler that fired this event, while its own fire is in progress.
    let parent: HandlerScope?
    let depth: Int
    /// Whether the event was posted, so that the queue waits for this fire.
    private let isPosted: Bool

    private let stopped = Atomic(false)
    private let finished = Atomic(false)

    init(dispatcher: EventDispatcher, event: any MatchableEvent.Type, parent: HandlerScope?, isPosted: Bool) {
        self.isPosted = isPosted
        self.dispatcher = dispatcher
        self.event = event
        self.parent = parent
        depth = (parent?.frame.depth ?? 0) + 1
    }

    /// Whether no further handler of this fire is to start.
    var isStopped: Bool { stopped.load(ordering: .acquiring) }

    func stop() { stopped.store(true, ordering: .releasing) }

    /// Whether the fire is over. A task that a handler left behind is not inside it any more.
    var isFinished: Bool { finished.load(ordering: .acquiring) }

    func finish() { finished.store(true, ordering: .releasing) }

    /// The names of the events from the outermost fire to this one.
    var path: [String] { (parent?.frame.path ?? []) + [event.eventName] }

    /// Whether this fire, or one that it is inside of, is of an event that was posted to a dispatcher.
    func isInsidePostedFire(of dispatcher: EventDispatcher) -> Bool {
        isPosted && self.dispatcher === dispatcher
            || parent?.frame.isInsidePostedFire(of: dispatcher) ?? false
    }

    /// How many fires of a dispatcher this one is inside of, itself included.
    func fires(of dispatcher: EventDispatcher) -> Int {
        (parent?.frame.fires(of: dispatcher) ?? 0) + (self.dispatcher === dispatcher ? 1 : 0)
    }
}
