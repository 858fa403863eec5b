import Synchronization

/// One fire in progress: its event, where it stands, and what is known of how it is to be run.
final class Fire: Sendable {
    let dispatcher: EventDispatcher
    let event: EventReference
    let detail: ReportDetail
    /// The handler that fired this event. Weak, so that a chain of handlers that leave each other behind is no chain of
    /// references.
    private weak let parent: RunScope?
    /// The types of the events around this one where it has departed from them.
    private let outerTypes: [any MatchableEvent.Type]
    /// The number of the fire that this one has departed from; nil for one that hasn't.
    private let origin: UInt64?
    /// How many fires it was inside of when it began, itself included.
    let depth: Int
    /// The dispatcher whose queue waits for this fire; nil for an event that was not posted.
    let postedTo: EventDispatcher?
    /// How many fires came one after the other, each fired afterwards by a handler of the one before; 0 for one that was fired.
    let generation: Int
    /// The fire of a detached handler after which this one comes: a drain waits for both.
    let departed: Fire?
    private let stopped = Atomic(false)
    /// The index of the phase in which a handler of a `.failFast` block failed last; the least number for none.
    private let failedFast = Atomic(Int.min)
    private let end = Atomic<UInt8>(0)
    private let afterwards = Locked(EventsForAfterwards())
    /// The number that observers know it by; 0 until one asks.
    private let number: Atomic<UInt64>

    /// A fire whose event the caller keeps in place until it is over.
    init(
        _ event: EventReference,
        at dispatcher: EventDispatcher,
        detail: ReportDetail,
        parent: RunScope?,
        outerTypes: [any MatchableEvent.Type] = [],
        origin: UInt64? = nil,
        postedTo: EventDispatcher? = nil,
        generation: Int = 0,
        departed: Fire? = nil,
        number: UInt64 = 0
    ) {
        self.number = Atomic(number)
        self.dispatcher = dispatcher
        self.event = event
        self.detail = detail
        self.parent = parent
        self.outerTypes = outerTypes
        self.origin = origin
        self.postedTo = postedTo
        self.generation = generation
        self.departed = departed
        depth = (parent?.enclosing.count ?? 0) + 1
    }

    /// Whether no further handler of this fire is to start.
    var isStopped: Bool { stopped.load(ordering: .acquiring) }

    func stop() { stopped.store(true, ordering: .releasing) }

    /// Whether a handler of a `.failFast` block has failed in a phase.
    func hasFailedFast(inPhase index: Int) -> Bool { failedFast.load(ordering: .acquiring) == index }

    func failFast(inPhase index: Int) { failedFast.store(index, ordering: .releasing) }

    /// Whether the event was posted, or fired after one that was, so that a queue waits for this fire.
    var isPosted: Bool { postedTo != nil }

    private static let isOver: UInt8 = 1
    private static let hasEventsForAfterwards: UInt8 = 2

    /// Whether the fire is over.
    var isFinished: Bool { end.load(ordering: .acquiring) & Self.isOver != 0 }

    /// Notes that the fire is over. Returns whether there are events to be fired afterwards, for the caller to take out.
    func finish() -> Bool {
        end.bitwiseOr(Self.isOver, ordering: .sequentiallyConsistent).oldValue & Self.hasEventsForAfterwards != 0
    }

    /// Keeps an event to be fired when the fire is over; false when it is over already.
    ///
    /// Both this and the end change one number: so either the end sees that there is an event, or this sees the end.
    func fireAfterwards(_ event: DeferredEvent) -> Bool {
        let id = afterwards.withLock { $0.add(event) }
        let old = end.bitwiseOr(Self.hasEventsForAfterwards, ordering: .sequentiallyConsistent).oldValue
        return old & Self.isOver == 0 || !afterwards.withLock { $0.remove(id) }
    }

    /// Takes out the events that are to be fired afterwards, in the order in which they were asked for.
    func takeEventsForAfterwards() -> [DeferredEvent] { afterwards.withLock { $0.take() } }

    /// The fire that waits for this one, through whatever handlers and dispatchers, and for which none waits.
    var outermost: Fire { liveParent?.fire.outermost ?? self }

    /// The handler that this fire is inside of; nil when that has ended and left it behind.
    var liveParent: RunScope? { parent.flatMap { $0.isLive ? $0 : nil } }

    /// The names of the events from the outermost fire to this one.
    var path: [String] { types.map { $0.eventName } }

    /// The types of the events from the outermost fire to this one.
    var types: [any MatchableEvent.Type] { outsideTypes + [event.eventType] }

    /// The types of the events around this one, from the outermost on.
    var outsideTypes: [any MatchableEvent.Type] { liveParent?.fire.types ?? outerTypes }

    private static let lastNumber = Atomic<UInt64>(0)

    /// A number that no other fire has.
    static func nextNumber() -> UInt64 { lastNumber.add(1, ordering: .relaxed).newValue }

    /// The number that observers know it by: no other fire of the process has it.
    var id: UInt64 {
        let known = number.load(ordering: .relaxed)
        if known != 0 { return known }
        let new = Self.nextNumber()
        let (isFirst, other) = number.compareExchange(expected: 0, desired: new, ordering: .relaxed)
        return isFirst ? new : other
    }

    /// Lets observers know it by the number of another, with which it goes on.
    func goOn(from fire: Fire) { number.store(fire.id, ordering: .relaxed) }

    /// What observers are told of it.
    var observed: ObservedFire {
        let parent = liveParent
        return ObservedFire(
            event: event.event,
            dispatcherName: dispatcher.name,
            id: id,
            parent: parent?.fire.id ?? origin,
            firedBy: parent?.handler.map { ObservedHandler($0) },
            isDetached: origin != nil,
            isPosted: isPosted,
            delivery: dispatcher.delivery?(),
            outerTypes: parent?.fire.types ?? outerTypes
        )
    }

    /// A fire of a copy of the event, for what departs from this one. Of the events around it, it remembers as many as may be nested:
    /// handlers that depart may fire each other's events without end.
    func departing(with copy: EventCopy) -> Fire {
        Fire(
            copy.reference,
            at: dispatcher,
            detail: .failures,
            parent: nil,
            outerTypes: Array(outsideTypes.suffix(dispatcher.maximumDepth)),
            origin: id
        )
    }

    /// Whether this fire, or one that it is inside of, is one that the queue of a dispatcher waits for.
    func isInsidePostedFire(of dispatcher: EventDispatcher) -> Bool {
        postedTo === dispatcher
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

    /// Fires an event when all is over: when the outermost fire that this one is nested in, through whatever dispatchers, has ended
    /// without a failure. For what must happen after a commit only, such as sending a mail.
    ///
    /// ```swift
    /// Handle { order in
    ///     try await database.insert(order)
    ///     DispatchContext.current?.fireAfterwards(ReceiptDue(customer: order.customer))
    /// }
    /// ```
    ///
    /// The call that fired the outermost event fires those that are kept, one after the other and on the dispatchers of the contexts that
    /// asked, before it returns. Each is a fire of its own, nested in none; what its handlers throw is for observers to see. After
    /// `fireSynchronously`, an event whose handlers have to be awaited is posted instead.
    ///
    /// When the outermost call throws, or is one of `fireReporting` where `fire` would throw, the events are dropped, and observers
    /// told, with ``DropReason/fireFailed`` as reason.
    ///
    /// An event that is fired afterwards may ask for more, as often in a row as fires may be nested: the rest is dropped, with
    /// ``DropReason/nestedTooDeep`` as reason.
    ///
    /// - Returns: false when the outermost fire is over already, because the handler was left behind. The event is then dropped, with
    ///   ``DropReason/fireEnded`` as reason.
    @discardableResult
    public func fireAfterwards(_ event: any MatchableEvent) -> Bool {
        let (dispatcher, outermost) = (dispatcher, scope.fire.outermost)
        let deferred = DeferredEvent(event: event, dispatcher: dispatcher, generation: outermost.generation + 1)
        if outermost.fireAfterwards(deferred) { return true }
        dispatcher.tellDropped([event], reason: .fireEnded)
        return false
    }

    /// Ends this fire: its handlers that have not started yet are skipped, with `.fireStopped` as reason. Those that run go
    /// on, and so do the fires that this one is nested in.
    public func stop() { scope.fire.stop() }
}
