import Synchronization

/// A handler in the dispatcher's tables.
///
/// The tables and the fires under way share it; its captures are freed when the last of them lets go.
final class RegisteredHandler: @unchecked Sendable {
    // Sound: fires read constants, and what is atomic; the rest belongs to the writer, under the registry's lock.

    /// Whether nothing but a cancellation ends the handler, and nothing but a call starts it: neither limits nor an owner, a
    /// gate nor `.failFast` nor a time-out.
    let isPlain: Bool
    let body: HandlerBody
    /// Runs the handler in place, where it need not be awaited.
    let inPlace: HandlerBody.Synchronous
    /// Whether the handler runs in place wherever it is fired.
    let isSynchronous: Bool
    let order: DispatchOrder
    let subscription: EventSubscription
    let phase: PlannedPhase
    let options: PhaseOptions
    let filter: FilterNode?
    let label: HandlerLabel
    let event: any MatchableEvent.Type
    /// Limits, owner and time-out; nil for a handler with none of them.
    private let rules: HandlerRules?

    /// Not 0 while the handler must not start: 1 for a cancellation, and 2 for each muting.
    private let halts = Atomic(0)
    /// Whether the handler is its subscription's only one.
    private let isAlone: Bool
    /// Whether it is what a handler of any event is for one type of event.
    let isExpansion: Bool

    /// Where the handler is filed, and what is checked there.
    var filings: [Filing] = []
    var programs: [CheckProgram] = []
    /// Whether the tables have the handler.
    var isRegistered = false
    private var inTable = HandlerLinks()
    private var inSubscription = HandlerLinks()

    init(plan: HandlerPlan, registration: UInt64, subscription: EventSubscription, isExpansion: Bool = false) {
        self.subscription = subscription
        self.isExpansion = isExpansion
        isAlone = subscription.declaredHandlers == 1 && !isExpansion
        body = plan.handler.body
        inPlace = plan.handler.body.inPlace
        isSynchronous = !plan.handler.body.mustBeAwaited(on: nil)
        filter = plan.filter
        label = plan.handler.label
        phase = plan.phase
        options = plan.options
        event = plan.event
        rules = HandlerRules(plan)
        order = DispatchOrder(
            phaseIndex: plan.phase.index,
            priority: plan.handler.priority,
            registration: registration
        )
        isPlain = rules == nil && !plan.phase.isGate && !plan.options.contains(.failFast)
    }

    /// Whether nothing has ended the handler: cancellation, its owner's death, or its limits.
    var canStart: Bool { !isHalted && (rules.map { $0.isOwnerAlive && !$0.isUsedUp } ?? true) }

    /// Whether nothing has ended the handler for good: as `canStart`, but for a muting.
    var isLeft: Bool { !subscription.isCancelled && (rules.map { $0.isOwnerAlive && !$0.isUsedUp } ?? true) }

    /// Whether the handler's subscription is cancelled or muted. Handlers that belong together read one flag, so that a fire can
    /// see them all or none; a lone handler has one of its own, which is nearer.
    @inline(__always)
    var isHalted: Bool { isAlone ? halts.load(ordering: .sequentiallyConsistent) != 0 : subscription.isHalted }

    /// Notes that the subscription was cancelled.
    func cancel() { halts.bitwiseOr(1, ordering: .sequentiallyConsistent) }

    /// Notes that the subscription was muted, or that a muting has ended.
    func mute(_ change: MuteChange) { halts.add(change.rawValue, ordering: .sequentiallyConsistent) }

    /// Notes that the handler is about to run, unless it is cancelled. What begins has to end.
    ///
    /// The run is counted before the flag is read, and `cancelAndWait` reads the count after it has set the flag: so either
    /// the run is seen and waited for, or it sees the flag and does not begin.
    func beginRun() -> Bool {
        subscription.runs.begin()
        guard isHalted else { return true }
        subscription.runs.end()
        return false
    }

    var owner: HandlerOwner? { rules?.owner }

    /// Whether the owner of a `weak:` handler is alive; true for a handler without owner.
    var isOwnerAlive: Bool { rules?.isOwnerAlive ?? true }

    /// Whether the handler is plain and need not be awaited by a caller on the given actor, or on none.
    @inline(__always)
    func isPlain(on isolation: (any Actor)?) -> Bool {
        isPlain && (isSynchronous || !body.mustBeAwaited(on: isolation))
    }

    /// The limits that all have to allow a start.
    var limits: [PlannedLimit] { rules?.limits ?? [] }

    var hasLimits: Bool { rules.map { !$0.limits.isEmpty } ?? false }

    var timeout: Duration? { rules?.timeout }

    /// How many starts the limits leave; nil without one that can tell.
    var startsLeft: Int? { limits.compactMap(\.limit.remaining).min() }

    var isSerial: Bool { options.contains(.serial) }

    /// The neighbours in a chain.
    subscript(linksIn kind: HandlerChain.Kind) -> HandlerLinks {
        get {
            switch kind {
            case .table: inTable
            case .subscription: inSubscription
            }
        }
        set {
            switch kind {
            case .table: inTable = newValue
            case .subscription: inSubscription = newValue
            }
        }
    }
}
