import Synchronization

/// One fire in progress: its event, where it stands, and what is known of how it is to be run.
final class Fire: Sendable {
    let dispatcher: EventDispatcher
    let event: EventReference
    let detail: ReportDetail
    /// The handler that fired this event. Weak, so that a chain of handlers that leave each other behind is no chain of
    /// references.
    private weak let parent: RunScope?
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
        parent: RunScope?,
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
    var liveParent: RunScope? { parent.flatMap { $0.isLive ? $0 : nil } }

    /// The names of the events from the outermost fire to this one.
    var path: [String] { (liveParent?.fire.path ?? []) + [event.eventType.eventName] }

    /// Whether this fire, or one that it is inside of, is of an event that was posted to a dispatcher.
    func isInsidePostedFire(of dispatcher: EventDispatcher) -> Bool {
        isPosted && self.dispatcher === dispatcher
            || liveParent?.fire.isInsidePostedFire(of: dispatcher) ?? false
    }
}

/// Where the calling code is: in which handler's phase, of which event, fired by which dispatcher.
///
/// A handler reaches its dispatcher through ``current`` without capturing it, and so without a cycle of references:
///
/// ```swift
/// Handle { event in
///     try await DispatchContext.current?.dispatcher.fire(UserGreeted(name: event.name))
/// }
/// ```
public struct DispatchContext: Sendable {
    private let scope: RunScope

    /// The context of the handler that is running, of the operation that an event is fired around, or of the
    /// ``DispatchObserver`` that is told of a fire; nil outside any.
    ///
    /// It follows a handler across its suspensions and into its child tasks, and ends with it: a task that the handler leaves
    /// behind has none.
    public static var current: DispatchContext? { RunScope.current.map { DispatchContext(scope: $0) } }

    /// The dispatcher that runs the handler.
    public var dispatcher: EventDispatcher { scope.fire.dispatcher }

    /// The names of the events that are being fired inside each other, from the outermost to the handler's own.
    public var path: [String] { scope.fire.path }

    /// The phase that the handler runs in; empty in an operation and in an observer.
    public var phase: String { scope.handler?.phase.name ?? "" }

    /// The handler that is running; nil in an operation and in an observer.
    public var handler: HandlerLabel? { scope.handler?.label }

    /// The subscription of the handler that is running, so that the handler can end it; nil in an operation and in an observer.
    ///
    /// ```swift
    /// Handle { event in
    ///     if event.logins > 3 { DispatchContext.current?.subscription?.cancel() }
    /// }
    /// ```
    public var subscription: EventSubscription? { scope.handler?.subscription }

    /// Ends this fire: its handlers that have not started yet are skipped, with `.fireStopped` as reason. Those that run go
    /// on, and so do the fires that this one is nested in.
    public func stop() { scope.fire.stop() }
}
