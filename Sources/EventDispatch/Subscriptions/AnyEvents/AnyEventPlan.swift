import Synchronization

/// Turns a handler of ``AnyEvent``s into one of the type of event that is fired.
final class AnyEventPlan: Sendable {
    typealias Body = (EventReference) throws -> HandlerReply

    let selection: EventSelection
    /// Where the handler stands around the phases of each event; nil for its main phase.
    let around: PhaseAround?
    /// The name of the type that the handler takes.
    private let base: String
    /// Which types of event have events of the type that the handler takes.
    private let conformance: Conformance
    /// Whether an event is of the type that the handler takes.
    private let takes: @Sendable (EventReference) -> Bool
    /// Calls a closure with the wrapped event.
    private let withWrapped: @Sendable (EventReference, Body) throws -> HandlerReply
    /// The wrapped event, as a copy that can be kept.
    private let copyWrapped: @Sendable (EventReference) -> EventCopy

    init<Base: Sendable>(_ selection: EventSelection, of base: Base.Type, around: PhaseAround? = nil) {
        self.selection = selection
        self.around = around
        self.base = "\(base)"
        conformance = Conformance(to: Base.self)
        takes = { $0.event is Base }
        withWrapped = { event, body in
            try withUnsafePointer(to: Self.wrap(event, as: Base.self)) { try body(EventReference($0)) }
        }
        copyWrapped = { EventCopy(Self.wrap($0, as: Base.self)) }
    }

    /// Whether the handler may be for events of a type, whatever its name.
    func admits(_ event: any MatchableEvent.Type) -> Bool {
        !(event is any StandsForOtherEvents.Type) && conformance.holds(for: event) ?? true
    }

    /// Whether the handler is for events of a type. Where it admits the type, what it needs to know of it is known.
    func selects(_ event: any MatchableEvent.Type) -> Bool { admits(event) && selection.selects(Self.name(of: event)) }

    /// Whether all is known of a type that handlers of any event need.
    static func knows(_ event: any MatchableEvent.Type) -> Bool {
        let facts = EventTypeFacts.of(event)
        return facts.name.known != nil && facts.mainPhase.known != nil && facts.phaseCount.known != nil
    }

    /// Finds out what handlers of any event need to know of a type. Calls users' code, and so is called under no lock.
    static func learn(_ event: any MatchableEvent.Type) {
        _ = name(of: event)
        _ = PhaseInfo.main(of: event)
        _ = PhaseInfo.count(of: event)
    }

    private static func name(of event: any MatchableEvent.Type) -> String {
        EventTypeFacts.of(event).name.value { event.eventName }
    }

    private static func wrap<Base: Sendable>(_ event: EventReference, as base: Base.Type) -> AnyEvent<Base> {
        guard let base = event.event as? Base else {
            preconditionFailure("a handler of \(base) met an event that its filter refuses")
        }
        return AnyEvent(base, event.eventType)
    }

    /// A handler of any event, for one type of event.
    func expansion(of plan: HandlerPlan, for event: any MatchableEvent.Type) -> HandlerPlan {
        var handler = plan.handler
        handler.body = adapt(handler.body)
        return HandlerPlan(
            handler: handler,
            phase: around.map { .of(event, $0) } ?? .main(of: event),
            options: plan.options,
            filter: filter(plan.filter, for: event),
            limits: plan.limits.map(adapt),
            modifiers: plan.modifiers.wrapping(copyWrapped)
        )
    }

    private func adapt(_ body: HandlerBody) -> HandlerBody {
        switch body {
        case .synchronous(let body): .synchronous(adapt(body))
        case .isolated(let actor, let inPlace, let afterHop):
            .isolated(actor, inPlace: adapt(inPlace), afterHop: adapt(afterHop))
        case .asynchronous(let body): .asynchronous(adapt(body))
        case .onActor(let body): .onActor(adapt(body))
        }
    }

    private func adapt(_ body: InPlaceBody) -> InPlaceBody {
        InPlaceBody { event in try self.withWrapped(event, body.callAsFunction) }
    }

    private func adapt(_ body: @escaping HandlerBody.Asynchronous) -> HandlerBody.Asynchronous {
        { event, permit in
            let copy = self.copyWrapped(event)
            let reply = try await body(copy.reference, permit)
            withExtendedLifetime(copy) {}
            return reply
        }
    }

    private func adapt(_ planned: PlannedLimit) -> PlannedLimit {
        guard planned.limit.readsEvent else { return planned }
        return PlannedLimit(limit: WrappedEventLimit(planned.limit, copyWrapped), block: planned.block)
    }

    private func filter(_ filter: FilterNode?, for event: any MatchableEvent.Type) -> FilterNode? {
        let isKnown = conformance.holds(for: event) != nil
        let verdict = isKnown ? nil : CastVerdict(isUniform: !(event is AnyObject.Type), takes)
        guard verdict != nil || filter != nil else { return nil }
        return .satisfying(Predicate(WrappedFilter(verdict, as: base, filter, copyWrapped)))
    }
}

/// A limit that reads the wrapped event.
private final class WrappedEventLimit: HandlerLimit, @unchecked Sendable {
    private let limit: HandlerLimit
    private let wrapped: @Sendable (EventReference) -> EventCopy

    init(_ limit: HandlerLimit, _ wrapped: @escaping @Sendable (EventReference) -> EventCopy) {
        self.limit = limit
        self.wrapped = wrapped
    }

    override func claim(_ id: ClaimID, for event: EventReference) -> Bool {
        let copy = wrapped(event)
        return withExtendedLifetime(copy) { limit.claim(id, for: copy.reference) }
    }

    override func hasStart(for event: EventReference) -> Bool {
        let copy = wrapped(event)
        return withExtendedLifetime(copy) { limit.hasStart(for: copy.reference) }
    }

    override var notesStarts: Bool { limit.notesStarts }

    override func beginStart(_ id: ClaimID, for event: EventReference) -> Bool {
        let copy = wrapped(event)
        return withExtendedLifetime(copy) { limit.beginStart(id, for: copy.reference) }
    }

    override func noteStart(_ id: ClaimID, for event: EventReference) {
        let copy = wrapped(event)
        withExtendedLifetime(copy) { limit.noteStart(id, for: copy.reference) }
    }

    override func settle(_ id: ClaimID, _ end: ClaimEnd, for event: EventReference) -> Bool {
        let copy = wrapped(event)
        return withExtendedLifetime(copy) { limit.settle(id, end, for: copy.reference) }
    }

    override var isUsedUp: Bool { limit.isUsedUp }
    override var remaining: Int? { limit.remaining }
    override var forgottenKeys: Int? { limit.forgottenKeys }
    override var readsEvent: Bool { true }
    override var refusesDuplicates: Bool { limit.refusesDuplicates }
}
