/// A handler in the dispatcher's tables.
///
/// The tables and the fires under way share it; its captures are freed when the last of them lets go.
@usableFromInline
final class RegisteredHandler: Refusable, @unchecked Sendable {
    // Sound: fires read constants, and what is atomic; the rest belongs to the writer, under the registry's lock.

    // The fields that every fire reads stand first, on one cache line.

    private let halts = HaltFlags()
    /// Whether the handler is its subscription's only one.
    private let isAlone: Bool
    /// Whether it stands for a handler that is registered: it is what a handler of any event is for one type, or one that has departed.
    let isExpansion: Bool
    /// Whether nothing but a cancellation ends the handler, and nothing but a call starts it: neither limits nor an owner, a
    /// gate nor `.failFast` nor a time-out; and it makes the event handled.
    let isPlain: Bool
    /// Whether it would be plain if it did not stand around the event's phases, and had no owner and no limits of its own.
    private let isNearlyPlain: Bool
    /// Whether the handler runs in place wherever it is fired.
    let isSynchronous: Bool
    /// Whether the tables have the handler.
    var isRegistered = false
    /// Runs the handler in place, where it need not be awaited.
    let inPlace: InPlaceBody
    let subscription: EventSubscription
    /// The place in dispatch order among handlers of the same origin: the registration, or, where these run from the last to the first,
    /// its complement, which is greater than any registration.
    private let place: UInt64
    private let origin: HandlerOrigin

    /// How to await the handler; nil for one that runs in place wherever it is fired.
    private let awaited: AwaitedBody?
    /// Set once, before fires can see the handler: parts that other handlers' filters have too are shared with them.
    var filter: FilterNode?
    /// Limits, owner, time-out and modifiers; nil for a handler with none of them.
    private let constraints: HandlerConstraints?

    /// Where the handler is filed, and what is checked there.
    var filings = Few<Filing>.none
    var programs = CheckPrograms.none
    private var inTable = HandlerLinks()
    private var inSubscription = HandlerLinks()

    /// - Parameter declared: the handler of any event that this is for one type of event, and that has the owner.
    convenience init(
        plan: HandlerPlan,
        origin: HandlerOrigin,
        registration: UInt64,
        subscription: EventSubscription,
        of declared: RegisteredHandler? = nil
    ) {
        let owner = declared?.owner ?? plan.handler.owner.map { HandlerOwner($0) }
        let departing = plan.ofDepartedRun.map { plan in
            let body = plan.handler.body
            return RegisteredHandler(plan, origin, registration, subscription, owner, isExpansion: true, body: body)
        }
        self.init(
            plan,
            origin,
            registration,
            subscription,
            owner,
            isExpansion: declared != nil,
            body: plan.modifiers.departure.map(\.body) ?? plan.handler.body,
            departing: departing
        )
    }

    /// - Parameters:
    ///   - isExpansion: whether it stands for a handler that is registered.
    ///   - departing: the handler that runs in its place, where it departs from its fires.
    private init(
        _ plan: HandlerPlan,
        _ origin: HandlerOrigin,
        _ registration: UInt64,
        _ subscription: EventSubscription,
        _ owner: HandlerOwner?,
        isExpansion: Bool,
        body: HandlerBody,
        departing: RegisteredHandler? = nil
    ) {
        self.subscription = subscription
        self.isExpansion = isExpansion
        isAlone = subscription.declaredHandlers == 1 && !isExpansion
        inPlace = body.inPlace
        awaited = AwaitedBody(body)
        isSynchronous = awaited == nil
        filter = plan.filter
        self.origin = origin
        place = origin.options.contains(.reversed) ? ~registration : registration
        constraints = HandlerConstraints(plan, owner, departing: departing)
        let stopsNobody = !plan.phase.isGate && !plan.options.contains(.failFast)
        isPlain = stopsNobody && constraints == nil && !plan.phase.isAround
        isNearlyPlain = stopsNobody && constraints?.onlyKeepFromStarting ?? true
    }

    var label: HandlerLabel { origin.label }

    var phase: PhaseInfo { origin.phase }

    var options: PhaseOptions { origin.options }

    var order: DispatchOrder { DispatchOrder(origin, place: place) }

    /// Whether the handler stands before another in dispatch order.
    @inline(__always)
    func precedes(_ other: RegisteredHandler) -> Bool {
        origin === other.origin ? place < other.place : order < other.order
    }

    /// Whether a fire that sees a version may start the handler: nothing has ended it, neither a cancellation nor, at that version, a
    /// replacement, its owner's death or its limits.
    @inline(__always)
    func canStart(at version: UInt64) -> Bool {
        (isUnhindered || subscription.isOpen(at: version)) && (isPlain || canStartByItsConstraints)
    }

    private var canStartByItsConstraints: Bool { constraints.map { $0.owner?.end == nil && !$0.isUsedUp } ?? true }

    /// Whether nothing has ended the handler for good: as `canStart`, but for a muting.
    var canStillStart: Bool { !subscription.isOver && canStartByItsConstraints }

    @inline(__always)
    private var isUnhindered: Bool { isAlone ? halts.isEmpty : subscription.isUnhindered }

    /// Whether the handler's subscription is cancelled or muted. Handlers that belong together read one flag, so that a fire can
    /// see them all or none; a lone handler has one of its own, which is nearer.
    ///
    /// A replacement is none: a fire that has matched the handler sees a version in which there is no other.
    @inline(__always)
    var isHalted: Bool { isAlone ? halts.isHalted : subscription.isHalted }

    /// Notes that the subscription was cancelled.
    func cancel() { halts.cancel() }

    /// Notes that the subscription was replaced.
    func beReplaced() { halts.replace() }

    /// Notes that the subscription was muted, or that a muting has ended.
    func mute(_ change: MuteChange) { halts.mute(change) }

    /// Notes that the handler is about to run, unless it is cancelled. What begins has to end.
    ///
    /// The run is counted before the flag is read, and `cancelAndWait` reads the count after it has set the flag: so either
    /// the run is seen and waited for, or it sees the flag and does not begin.
    func beginRun() -> Bool {
        subscription.runBegan()
        guard isHalted else { return true }
        subscription.runEnded()
        return false
    }

    /// Lets go of the other handlers of the subscription, when the dispatcher goes.
    func forgetSubscription() {
        cancel()
        subscription.handlers = HandlerChain(.subscription)
    }

    /// Whether it has limits, an owner, a time-out or modifiers.
    var isConstrained: Bool { constraints != nil }

    /// Its limits, owner, time-out and modifiers, which live as long as it does.
    var unmanagedConstraints: Unmanaged<HandlerConstraints>? {
        @inline(__always) get { constraints.map { .passUnretained($0) } }
    }

    var owner: HandlerOwner? { constraints?.owner }

    /// Why a `weak:` handler must not start for its owner any more; nil when it may, and for a handler without owner.
    var ownerEnd: HandlerEnd? { constraints?.owner?.end }

    /// Why the handler must not start; nil when it may, its limits apart.
    override var refusal: Refusal? { isHalted ? haltRefusal : ownerRefusal }

    /// Why the handler does not start while it is halted.
    var haltRefusal: Refusal { subscription.isCancelled ? .unsubscribed : .muted }

    /// Why the handler does not start for its owner; nil when it may.
    var ownerRefusal: Refusal? { ownerEnd.map { $0 == .ownerGone ? .ownerGone : .unsubscribed } }

    /// Whether the handler is plain and need not be awaited by a caller on the given actor, or on none.
    @inline(__always)
    func isPlain(on isolation: (any Actor)?) -> Bool {
        isPlain && (isSynchronous || !mustBeAwaited(on: isolation))
    }

    /// Whether the handler is plain but for standing around the event's phases, an owner, and limits of its own, and need not be awaited
    /// by a caller on the given actor, or on none.
    func isNearlyPlain(on isolation: (any Actor)?) -> Bool {
        isNearlyPlain && (isSynchronous || !mustBeAwaited(on: isolation))
    }

    /// Whether the handler is plain, but has to be awaited by a caller on the given actor, or on none.
    @inline(__always)
    func isPlainButAwaited(on isolation: (any Actor)?) -> Bool {
        isPlain && !isSynchronous && mustBeAwaited(on: isolation)
    }

    /// Whether a caller on the given actor, or on none, has to await the handler.
    func mustBeAwaited(on isolation: (any Actor)?) -> Bool { awaited?.mustBeAwaited(on: isolation) ?? false }

    /// Whether the handler runs in place on an actor of its own.
    var isBoundToActor: Bool { awaited?.isBoundToActor ?? false }

    /// Checked on arrival at the actor: may the handler still start?
    @inline(__always)
    var startPermit: StartPermit { StartPermit(of: self) }

    /// Whether the handler asks its permit on its actor, which it may have to wait for.
    var asksPermit: Bool { awaited?.asksPermit ?? false }

    /// How to await the handler, which has to be awaited.
    @inline(__always)
    var awaitedCall: HandlerBody.Asynchronous {
        guard let awaited else { preconditionFailure("a handler that runs in place is not awaited") }
        return awaited.call
    }

    var event: any MatchableEvent.Type { phase.event }

    /// The limits that all have to allow a start.
    var limits: [PlannedLimit] { constraints?.limits ?? [] }

    var hasLimits: Bool { constraints.map { !$0.limits.isEmpty } ?? false }

    var timeout: HandlerTimeout? { constraints?.timeout }

    /// Whether a limit is to be told when the handler starts.
    var notesStarts: Bool { constraints?.notesStarts ?? false }

    /// All of which a run needs a slot of.
    var slots: [PlannedSlots] { constraints?.slots ?? [] }

    /// Whether its runs have slots that others may wait for.
    var holdsSlot: Bool { constraints?.holdsSlot ?? false }

    var retry: RetryPolicy? { constraints?.retry }

    /// Whether a run is more than one call of the closure in its fire.
    var isModified: Bool { constraints?.isModified ?? false }

    /// How the handler departs from its fires; nil for one that a fire waits for.
    var departure: HandlerConstraints.Departure? { constraints?.departure }

    /// Whether the handler would start for an event now, if nothing in the fire keeps it from that.
    func wouldStart(for event: EventReference) -> Bool {
        refusal == nil && limits.allSatisfy { $0.limit.hasStart(for: event) }
    }

    /// How many starts the limits leave; nil without one that can tell.
    var startsLeft: Int? { limits.compactMap(\.limit.remaining).min() }

    /// How many values of keys its limits and its debouncer have forgotten; nil where nothing is kept per key.
    var forgottenKeys: Int? {
        let counts = (limits.map(\.limit.forgottenKeys) + [departure?.kind.forgottenKeys]).compactMap { $0 }
        return counts.isEmpty ? nil : counts.reduce(0, +)
    }

    /// Whether it waits until those that started before it in its phase have ended.
    var isSerial: Bool { !options.isDisjoint(with: [.serial, .reversed]) }

    /// The neighbours in a chain.
    subscript(linksIn kind: HandlerChain.Kind) -> HandlerLinks {
        get {
            switch kind {
            case .table: inTable
            case .subscription: inSubscription
            case .owner: constraints?.owner?.links ?? HandlerLinks()
            }
        }
        set {
            switch kind {
            case .table: inTable = newValue
            case .subscription: inSubscription = newValue
            case .owner: constraints?.owner?.links = newValue
            }
        }
    }
}

/// How to await a handler: apart, because most handlers run in place.
final class AwaitedBody: Sendable {
    /// The actor on which it runs in place; nil for one that is always awaited.
    private let actor: ObjectIdentifier?
    let call: HandlerBody.Asynchronous
    /// Whether it asks its permit on its actor before it starts. Others start where they are called.
    let asksPermit: Bool

    /// Nil for a handler that runs in place wherever it is fired.
    init?(_ body: HandlerBody) {
        switch body {
        case .synchronous: return nil
        case .isolated(let actor, _, let afterHop):
            self.actor = actor
            call = afterHop
            asksPermit = true
        case .asynchronous(let body):
            actor = nil
            call = body
            asksPermit = false
        case .onActor(let body):
            actor = nil
            call = body
            asksPermit = true
        }
    }

    /// Whether it runs in place on an actor.
    var isBoundToActor: Bool { actor != nil }

    /// Whether a caller on the given actor, or on none, has to await the handler.
    func mustBeAwaited(on isolation: (any Actor)?) -> Bool {
        actor == nil || actor != isolation.map { ObjectIdentifier($0) }
    }
}
