import Synchronization

/// Handlers in the order of their registration, linked to each other; for the writer. They are held by something else.
///
/// References are `Unmanaged`, not `unowned(unsafe)`: without optimisation, Swift 6.3.1 takes what is no structure with such a variable for
/// one, where the structure is an element of a dictionary.
struct HandlerChain {
    /// The thing that the handlers share; a handler stands in one chain of each kind.
    enum Kind { case table, subscription, owner }

    private var ends: (first: Unmanaged<RegisteredHandler>?, last: Unmanaged<RegisteredHandler>?) = (nil, nil)
    private let kind: Kind

    init(_ kind: Kind) { self.kind = kind }

    private(set) var first: RegisteredHandler? {
        get { ends.first?.takeUnretainedValue() }
        set { ends.first = newValue.map { .passUnretained($0) } }
    }

    private var last: RegisteredHandler? {
        get { ends.last?.takeUnretainedValue() }
        set { ends.last = newValue.map { .passUnretained($0) } }
    }

    mutating func append(_ handler: RegisteredHandler) {
        handler[linksIn: kind].previous = last
        if let last { last[linksIn: kind].next = handler } else { first = handler }
        last = handler
    }

    mutating func remove(_ handler: RegisteredHandler) {
        let links = handler[linksIn: kind]
        if let previous = links.previous { previous[linksIn: kind].next = links.next } else { first = links.next }
        if let next = links.next { next[linksIn: kind].previous = links.previous } else { last = links.previous }
        handler[linksIn: kind] = HandlerLinks()
    }

    /// Whether one of the handlers satisfies a condition; the newest is asked first.
    func contains(where isSuch: (RegisteredHandler) -> Bool) -> Bool {
        var next = last
        while let handler = next {
            if isSuch(handler) { return true }
            next = handler[linksIn: kind].previous
        }
        return false
    }

    /// The handlers.
    var handlers: [RegisteredHandler] {
        var handlers: [RegisteredHandler] = []
        var next = first
        while let handler = next {
            handlers.append(handler)
            next = handler[linksIn: kind].next
        }
        return handlers
    }
}

/// The neighbours of a handler in a chain.
struct HandlerLinks {
    private var neighbours: (previous: Unmanaged<RegisteredHandler>?, next: Unmanaged<RegisteredHandler>?) = (nil, nil)

    var previous: RegisteredHandler? {
        get { neighbours.previous?.takeUnretainedValue() }
        set { neighbours.previous = newValue.map { .passUnretained($0) } }
    }

    var next: RegisteredHandler? {
        get { neighbours.next?.takeUnretainedValue() }
        set { neighbours.next = newValue.map { .passUnretained($0) } }
    }
}

/// Limits, owner, time-out and modifiers of a handler: apart, because most handlers have none.
final class HandlerConstraints: Sendable {
    let limits: [PlannedLimit]
    /// The limit, where there is one: for fires to ask without counting a reference.
    let onlyLimit: Unmanaged<HandlerLimit>?
    /// Whether a limit is to be told when the handler starts.
    let notesStarts: Bool
    let owner: HandlerOwner?
    let timeout: HandlerTimeout?
    /// All of which a run needs a slot of.
    let slots: [PlannedSlots]
    /// Whether its runs have slots that others may wait for, of its own or of the handler that departed.
    let holdsSlot: Bool
    let retry: RetryPolicy?
    /// How the handler departs from its fires; nil for one that a fire waits for.
    let departure: Departure?

    /// How a handler departs, and the handler that then runs: the same, but for its limits, which have been claimed by then.
    struct Departure: Sendable {
        let kind: PlannedModifiers.Departure
        let handler: RegisteredHandler
        let mayDepart: (@Sendable (EventReference) -> Bool)?
    }

    /// Nil for a handler without any.
    init?(_ plan: HandlerPlan, _ owner: HandlerOwner?, departing handler: RegisteredHandler?) {
        guard !plan.limits.isEmpty || owner != nil || plan.handler.timeout != nil || !plan.modifiers.isEmpty else {
            return nil
        }
        limits = plan.limits
        onlyLimit = plan.limits.count == 1 ? .passUnretained(plan.limits[0].limit) : nil
        notesStarts = plan.limits.contains { $0.limit.notesStarts }
        self.owner = owner
        timeout = plan.handler.timeout
        slots = plan.modifiers.slots
        holdsSlot = !plan.modifiers.slots.isEmpty || plan.modifiers.hasRoom
        retry = plan.modifiers.retry
        departure = handler.flatMap { handler in
            plan.modifiers.departure.map { Departure(kind: $0, handler: handler, mayDepart: plan.modifiers.mayDepart) }
        }
    }

    /// Whether a limit leaves no start, ever.
    var isUsedUp: Bool {
        onlyLimit?._withUnsafeGuaranteedRef { $0.isUsedUp } ?? limits.contains { $0.limit.isUsedUp }
    }

    /// Whether they only keep the handler from starting, and belong to it alone: neither a time-out nor modifiers, nor the limit of a block.
    var onlyKeepFromStarting: Bool {
        timeout == nil && !isModified && !holdsSlot && !limits.contains(where: \.isOfBlock)
    }

    /// Whether a run is more than one call of the closure in its fire.
    var isModified: Bool { !slots.isEmpty || retry != nil || departure != nil }
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

/// The order in which matched handlers start: phase, then priority, then registration; those of `.reversed` blocks after the others,
/// from the last to the first.
struct DispatchOrder: Comparable, Sendable {
    private let phase: Int32
    let priority: Int
    /// The place among handlers of the same phase and priority: the registration, or, where these run from the last to the first, its
    /// complement, which is greater than any registration.
    private let place: UInt64

    var phaseIndex: Int { Int(phase) }

    /// Counts registrations in the dispatcher.
    var registration: UInt64 { min(place, ~place) }

    init(_ origin: HandlerOrigin, place: UInt64) {
        phase = origin.phaseIndex
        priority = origin.priority
        self.place = place
    }

    @inline(__always)
    static func < (left: Self, right: Self) -> Bool {
        (left.phase, right.priority, left.place) < (right.phase, left.priority, right.place)
    }
}

/// What the handlers of one declaration have in common: its name and place, and where in the dispatch order it stands. A declaration in
/// a loop, or in a function that is called again, has many.
final class HandlerOrigin: Sendable {
    let label: HandlerLabel
    let phase: PhaseInfo
    let options: PhaseOptions
    let phaseIndex: Int32
    let priority: Int

    init(_ plan: HandlerPlan) {
        label = plan.handler.label
        phase = plan.phase
        options = plan.options
        phaseIndex = Int32(plan.phase.index)
        priority = plan.handler.priority ?? 0
    }

    /// Whether a plan has the same origin.
    func isOrigin(of plan: HandlerPlan) -> Bool {
        phase === plan.phase && options == plan.options && priority == plan.handler.priority ?? 0
            && label == plan.handler.label
    }
}

/// The origins of handlers that were registered lately, so that the next from the same declaration shares them; for the writer.
struct RecentOrigins: Sendable {
    private static let count = 64
    /// By line.
    private var origins = [HandlerOrigin?](repeating: nil, count: Self.count)

    /// The origin of a handler.
    mutating func origin(of plan: HandlerPlan) -> HandlerOrigin {
        let place = plan.handler.location.line & (Self.count - 1)
        if let known = origins[place], known.isOrigin(of: plan) { return known }
        let origin = HandlerOrigin(plan)
        origins[place] = origin
        return origin
    }
}

/// The handlers of a block with a limit, which stand next to each other among those of their subscription; for the writer.
extension LimitedBlock {
    /// The first handler that is left.
    var first: RegisteredHandler? {
        firstHandler.map { unsafeDowncast($0.takeUnretainedValue(), to: RegisteredHandler.self) }
    }

    /// Notes a handler that was registered, after the others of the block.
    func add(_ handler: RegisteredHandler) {
        if firstHandler == nil { firstHandler = .passUnretained(handler) }
    }

    /// Notes that a handler is about to be taken out of its subscription.
    func remove(_ handler: RegisteredHandler) {
        guard first === handler else { return }
        let next = handler[linksIn: .subscription].next
        firstHandler = next.flatMap { $0.limits.contains { $0.block === self } ? .passUnretained($0) : nil }
    }
}
