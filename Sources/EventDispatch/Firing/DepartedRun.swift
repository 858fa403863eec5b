// Handlers that a fire doesn't wait for: detached ones, and debounced ones, which wait before they start.
//
// What departs from a fire is a fire of its own of a copy of the event, with one handler. It's counted like other fires, so that a stop
// waits for it, and by the drain besides.

extension HandlerCall {
    /// Lets a handler depart that need not wait for that.
    func depart(_ departure: HandlerConstraints.Departure, on isolation: (any Actor)?) -> HandlerCompletion {
        if let mayDepart = departure.mayDepart, !scope.callSynchronously({ mayDepart(scope.fire.event) }) {
            return refuse(departure, .replaying)
        }
        let run = DepartedRun(of: departure.handler, from: self, isolation)
        switch departure.kind {
        case .detached:
            run.count()
            guard run.begin() else { return refuse(departure, handler.haltRefusal) }
            Task { await run.run() }
        case .debounced(let debouncer, let wrapped):
            DebouncedStart(of: run, debouncer, wrapped).wait()
        }
        scope.end()
        return .detached
    }

    /// Ends a run that doesn't depart, though it has a slot if it needs one.
    private func refuse(_ departure: HandlerConstraints.Departure, _ refusal: Refusal) -> HandlerCompletion {
        let refused = HandlerCompletion(refused: refusal)
        departure.kind.room?.giveBack(for: scope.fire.event)
        giveUp(refused, for: scope.fire.event)
        return refused
    }

    /// Lets a handler depart once it has a slot, if it needs one. Not inlined, as `callModified`.
    @inline(never)
    func departWithSlot(
        _ departure: HandlerConstraints.Departure,
        isolation: isolated (any Actor)?
    ) async -> HandlerCompletion {
        guard let room = departure.kind.room else { return depart(departure, on: isolation) }
        if let refused = await take(PlannedSlots(room)) {
            giveUp(refused, for: scope.fire.event)
            return refused
        }
        if let refusal = lateRefusal { return refuse(departure, refusal) }
        return depart(departure, on: isolation)
    }
}

/// A run of a handler that has departed from its fire.
final class DepartedRun: Sendable {
    /// Its own fire.
    let fire: Fire
    private let event: EventCopy
    private let handler: RegisteredHandler
    /// The handler that departed, whose limits were claimed.
    private let claimant: RegisteredHandler
    private let claim: ClaimID
    private let isolation: (any Actor)?

    /// - Parameter isolation: the actor that fires, on which a handler without one of its own runs.
    init(of handler: RegisteredHandler, from call: HandlerCall, _ isolation: (any Actor)?) {
        event = EventCopy.of(call.scope.fire.event)
        fire = call.scope.fire.departing(with: event)
        self.handler = handler
        claimant = call.handler
        claim = call.claim
        self.isolation = isolation
    }

    /// Whether departed runs have fired each other's events more often than fires may be nested.
    var isEndless: Bool { fire.types.count > fire.dispatcher.maximumDepth }

    private var activity: Activity { fire.dispatcher.activity }

    /// Counts the run, so that a stop knows of it.
    func count() { activity.beginDetached(fire) }

    /// Begins the run, which is counted, unless its subscription is cancelled or muted. What begins has to be run.
    func begin() -> Bool {
        if handler.beginRun() { return true }
        activity.endFire()
        activity.endDetached(fire)
        return false
    }

    /// Runs the handler, which has begun.
    func run() async { await run(isolation: isolation) }

    private func run(isolation: isolated (any Actor)?) async {
        let call = HandlerCall(of: handler, claim, for: claimant, in: fire, ObserverNotifier.of(fire))
        let run: HandlerCompletion
        if let refusal = handler.refusal {
            run = HandlerCompletion(refused: refusal)
            call.giveUp(run, for: event.reference)
        } else {
            run = await call.callModified(isolation: isolation)
        }
        await fire.dispatcher.end(
            fire,
            hasFailed: run.result.isFailure || run.result.isCancelled,
            isDeparted: true,
            isolation: isolation
        )
        activity.endDetached(fire)
    }

    /// Ends a run that doesn't begin, because of a decision or because its subscription is cancelled or muted.
    func giveUp(_ decided: Refusal? = nil) {
        let refusal = decided ?? handler.haltRefusal
        let call = HandlerCall(of: handler, claim, for: claimant, isCounted: false, in: fire, ObserverNotifier.of(fire))
        call.giveUp(HandlerCompletion(refused: refusal), for: event.reference)
        _ = fire.finish()
    }

    /// Calls a closure with the event as a debouncer sees it.
    func withEvent(
        wrapped: (@Sendable (EventReference) -> EventCopy)?,
        _ body: (EventReference) -> Void
    ) {
        let copy = wrapped?(event.reference) ?? event
        withExtendedLifetime(copy) { body(copy.reference) }
    }
}

/// The start of a debounced handler, which waits whether another event comes.
///
/// A task waits for the decision from the beginning, because only a task that the firing task makes has its task-local values.
private final class DebouncedStart: PendingStart {
    private struct State: Sendable {
        var isDecided = false
        /// Whether the run has begun; nil until that is known.
        var hasBegun: Bool?
        var timer: Task<Void, Never>?
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let run: DepartedRun
    private let debouncer: Debouncer
    private let wrapped: (@Sendable (EventReference) -> EventCopy)?
    private let state = Locked(State())

    init(of run: DepartedRun, _ debouncer: Debouncer, _ wrapped: (@Sendable (EventReference) -> EventCopy)?) {
        self.run = run
        self.debouncer = debouncer
        self.wrapped = wrapped
    }

    private var dispatcher: EventDispatcher { run.fire.dispatcher }

    /// Lets the start wait, and starts what waited before it for long enough.
    func wait() {
        Task { await goOn() }
        guard dispatcher.pendingStarts.add(self) else { return decide(run.isEndless ? .dropped : .start) }
        let deadline = Deadline(in: debouncer.quiet, on: dispatcher.clock)
        run.withEvent(wrapped: wrapped) { debouncer.wait(self, for: $0) }
        let timer = Task.detached {
            if await deadline.isReached() { self.decide(.start) }
        }
        let isDecided = state.withLock { state in
            if !state.isDecided { state.timer = timer }
            return state.isDecided
        }
        guard isDecided else { return }
        timer.cancel()
        // A stop may have decided before the event waited, and what follows the decision may have found nothing to end.
        run.withEvent(wrapped: wrapped) { debouncer.end(self, for: $0) }
    }

    /// The run is counted with the decision, so that a stop that follows it knows of the run.
    func decide(_ decision: PendingDecision) {
        let isFirst = state.withLock { state in
            guard !state.isDecided else { return false }
            state.isDecided = true
            if case .start = decision { run.count() }
            return true
        }
        guard isFirst else { return }
        dispatcher.pendingStarts.remove(self)
        let hasBegun: Bool
        switch decision {
        case .superseded:
            hasBegun = false
            run.giveUp(.superseded)
        case .dropped:
            hasBegun = false
            run.giveUp(.stopping)
        case .start:
            hasBegun = run.begin()
            if !hasBegun { run.giveUp() }
        }
        let (timer, waiting) = state.withLock { state in
            state.hasBegun = hasBegun
            defer { (state.timer, state.waiting) = (nil, nil) }
            return (state.timer, state.waiting)
        }
        timer?.cancel()
        waiting?.resume()
    }

    /// Waits for the decision, and runs the handler.
    private func goOn() async {
        await withCheckedContinuation { continuation in
            let isDecided = state.withLock { state in
                if state.hasBegun == nil { state.waiting = continuation }
                return state.hasBegun != nil
            }
            if isDecided { continuation.resume() }
        }
        run.withEvent(wrapped: wrapped) { debouncer.end(self, for: $0) }
        if state.withLock({ $0.hasBegun ?? false }) { await run.run() }
    }
}
