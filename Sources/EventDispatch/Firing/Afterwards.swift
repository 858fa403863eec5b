import CEventDispatch

/// An event that a handler wants to be fired when the outermost fire is over.
struct DeferredEvent: Sendable {
    let event: any MatchableEvent
    /// That of the handler.
    let dispatcher: EventDispatcher
    /// How many fires come one after the other with it, each fired afterwards by the one before.
    let generation: Int
}

/// The events that are to be fired when a fire is over.
struct EventsForAfterwards: Sendable {
    private var events: [(id: Int, event: DeferredEvent)] = []
    private var added = 0

    /// Adds an event, and returns what to remove it by.
    mutating func add(_ event: DeferredEvent) -> Int {
        added += 1
        events.append((added, event))
        return added
    }

    /// Removes an event; false when it was taken out.
    mutating func remove(_ id: Int) -> Bool {
        guard let index = events.firstIndex(where: { $0.id == id }) else { return false }
        events.remove(at: index)
        return true
    }

    /// Takes out all, in their order.
    mutating func take() -> [DeferredEvent] {
        defer { events = [] }
        return events.map(\.event)
    }
}

/// What is fired, one after the other, when an outermost fire is over.
///
/// The fire that is over still counts as in progress, so that a stop waits for what comes after it. Each fire of the chain begins before
/// the one before it stops counting: a handler that stops its dispatcher has only its own fire to be excused for.
struct AfterwardsChain {
    private var rest: [DeferredEvent] = []
    /// The dispatcher that counts the last fire as in progress.
    private var counting: EventDispatcher?
    /// The dispatcher whose queue waits for the chain.
    private let postedTo: EventDispatcher?

    /// The fire that has departed from another, for which and for all that comes after it a drain waits; nil for a chain after another fire.
    private let departed: Fire?

    /// - Parameters:
    ///   - isCounted: whether the dispatcher counts the fire as in progress.
    ///   - isDeparted: whether the fire has departed from another.
    init(after fire: Fire, hasFailed: Bool, isCounted: Bool = true, isDeparted: Bool = false) {
        postedTo = fire.postedTo
        departed = isDeparted ? fire : nil
        counting = isCounted ? fire.dispatcher : nil
        add(fire.takeEventsForAfterwards(), hasFailed: hasFailed)
    }

    /// Begins the next fire. Events that can't be fired are dropped; without any that can, the chain ends.
    mutating func next() -> (fire: Fire, event: EventCopy)? {
        while let deferred = rest.popLast() {
            if let next = begin(deferred) { return next }
        }
        counting?.activity.endFire()
        counting = nil
        return nil
    }

    private mutating func begin(_ deferred: DeferredEvent) -> (fire: Fire, event: EventCopy)? {
        let (event, dispatcher) = (EventCopy(deferred.event), deferred.dispatcher)
        let fire = Fire(
            event.reference,
            at: dispatcher,
            detail: .failures,
            parent: nil,
            postedTo: postedTo,
            generation: deferred.generation,
            departed: departed
        )
        if let reason = dispatcher.refusal(ofDeferred: fire, isGoingOn: counting === dispatcher) {
            dispatcher.tellDropped([deferred.event], reason: reason)
            return nil
        }
        postedTo?.activity.nameFire(fire)
        if let departed { departed.dispatcher.activity.nameDetached(departed, fire) }
        counting?.activity.endFire()
        counting = dispatcher
        return (fire, event)
    }

    /// Notes the end of a fire, whose own events for afterwards are next.
    mutating func note(_ fire: Fire, hasFailed: Bool) {
        if fire.finish() { add(fire.takeEventsForAfterwards(), hasFailed: hasFailed) }
    }

    private mutating func add(_ events: [DeferredEvent], hasFailed: Bool) {
        guard hasFailed else { return rest.append(contentsOf: events.reversed()) }
        for event in events { event.dispatcher.tellDropped([event.event], reason: .fireFailed) }
    }
}

extension EventDispatcher {
    /// Ends a fire, whether or not events are to be fired after it.
    ///
    /// - Parameter hasFailed: whether the fire failed; asked for only where that matters.
    @inline(__always)
    func end(
        _ fire: Fire,
        hasFailed: @autoclosure () -> Bool,
        isDeparted: Bool = false,
        isolation: isolated (any Actor)?
    ) async {
        guard fire.finish() else { return activity.endFire() }
        await fireEvents(after: fire, hasFailed: hasFailed(), isDeparted: isDeparted, isolation: isolation)
    }

    /// Ends a fire after which events are to be fired: fires them, or drops them where it failed.
    ///
    /// Not inlined, because the frames of its callers lie in tasks' memory, which is small.
    @inline(never)
    func fireEvents(
        after fire: Fire,
        hasFailed: Bool,
        isCounted: Bool = true,
        isDeparted: Bool = false,
        isolation: isolated (any Actor)?
    ) async {
        var chain = AfterwardsChain(after: fire, hasFailed: hasFailed, isCounted: isCounted, isDeparted: isDeparted)
        while let (next, event) = chain.next() {
            var run = DispatchRun(next)
            await run.run(next.dispatcher.registry.handlers(matching: event.reference), isolation: isolation)
            chain.note(next, hasFailed: run.end().hasFailed(next))
            withExtendedLifetime(event) {}
        }
    }

    /// Ends a fire in place after which events are to be fired. Those that have to be awaited are posted.
    @inline(never)
    func fireEventsInPlace(after fire: Fire, hasFailed: Bool, isCounted: Bool = true, isolation: (any Actor)?) {
        var chain = AfterwardsChain(after: fire, hasFailed: hasFailed, isCounted: isCounted)
        while let (next, event) = chain.next() {
            let handlers = next.dispatcher.registry.handlers(matching: event.reference)
            if next.dispatcher.firstToBeAwaited(of: handlers, for: event.reference, on: isolation) != nil {
                next.dispatcher.postNowOrTell(event.reference.event)
                chain.note(next, hasFailed: false)
                continue
            }
            var run = DispatchRun(next)
            run.runInPlace(handlers, isolation: isolation)
            chain.note(next, hasFailed: run.end().hasProblems)
            withExtendedLifetime(event) {}
        }
    }

    /// Posts an event that nobody waits for. What keeps it out of the queue is told to observers.
    private func postNowOrTell(_ event: any MatchableEvent) {
        let location = CallSite(fileID: #fileID, line: #line)
        // A refusal in this stage of the dispatcher is told where it is found out.
        if let isQueued = try? enqueue(event, at: location), !isQueued { refuse(event) }
    }
}

extension DispatchSummary {
    /// Whether a handler failed or was cancelled.
    var hasProblems: Bool { outcomes.contains { $0.result.isFailure || $0.result.isCancelled } }

    /// Whether an awaited call of the fire throws: also when its task was cancelled. That of a posted event is nobody's.
    func hasFailed(_ fire: Fire) -> Bool { hasProblems || !fire.isPosted && ed_current_task_is_cancelled() }
}
