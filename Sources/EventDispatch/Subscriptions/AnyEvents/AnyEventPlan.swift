import Synchronization

/// What makes a handler of ``AnyEvent``s one of a type of event that is fired.
final class AnyEventPlan: Sendable {
    typealias Body = (EventReference) throws -> HandlerReply

    let selection: EventSelection
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

    init<Base: Sendable>(_ selection: EventSelection, of base: Base.Type) {
        self.selection = selection
        self.base = "\(base)"
        conformance = Conformance(to: Base.self)
        takes = { $0.event is Base }
        withWrapped = { event, body in
            try withUnsafePointer(to: Self.wrap(event, as: Base.self)) { try body(EventReference($0)) }
        }
        copyWrapped = { EventCopy(Self.wrap($0, as: Base.self)) }
    }

    /// Whether the handler is for events of a type; nil when the type was not judged yet.
    func verdict(on event: any MatchableEvent.Type) -> Bool? {
        guard !(event is any StandsForOtherEvents.Type), conformance.holds(for: event) ?? true else { return false }
        return selection.verdict(on: event)
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
            phase: EventTypeFacts.of(event).mainPhase,
            options: plan.options,
            filter: filter(plan.filter, for: event),
            limits: plan.limits.map(adapt)
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

    private func adapt(_ body: @escaping HandlerBody.Synchronous) -> HandlerBody.Synchronous {
        { event in try self.withWrapped(event, body) }
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

/// Whether the events of a type can be cast to another: the same for all of them, and so found out once, unless they are of a
/// class, which may have subclasses.
final class CastVerdict: Sendable {
    let isUniform: Bool
    private let ask: @Sendable (EventReference) -> Bool
    /// 0 while it is not known, 1 for no, 2 for yes.
    private let verdict = Atomic<UInt8>(0)

    init(isUniform: Bool, _ ask: @escaping @Sendable (EventReference) -> Bool) {
        self.isUniform = isUniform
        self.ask = ask
    }

    func takes(_ event: EventReference) -> Bool {
        let known = verdict.load(ordering: .relaxed)
        if known != 0 { return known == 2 }
        let takes = ask(event)
        if isUniform { verdict.store(takes ? 2 : 1, ordering: .relaxed) }
        return takes
    }
}

/// A limit per key of the wrapped event.
private final class WrappedEventLimit: HandlerLimit {
    private let limit: any HandlerLimit
    private let wrapped: @Sendable (EventReference) -> EventCopy

    init(_ limit: any HandlerLimit, _ wrapped: @escaping @Sendable (EventReference) -> EventCopy) {
        self.limit = limit
        self.wrapped = wrapped
    }

    func claim(for event: EventReference) -> Bool {
        let copy = wrapped(event)
        return withExtendedLifetime(copy) { limit.claim(for: copy.reference) }
    }

    func hasStart(for event: EventReference) -> Bool {
        let copy = wrapped(event)
        return withExtendedLifetime(copy) { limit.hasStart(for: copy.reference) }
    }

    func settle(_ end: ClaimEnd, for event: EventReference) -> Bool {
        let copy = wrapped(event)
        return withExtendedLifetime(copy) { limit.settle(end, for: copy.reference) }
    }

    var isUsedUp: Bool { limit.isUsedUp }
    var remaining: Int? { limit.remaining }
    var forgottenKeys: Int? { limit.forgottenKeys }
    var readsEvent: Bool { true }
}

/// What a handler of any event asks of the events of one type: whether they are of the type that it takes, and whether the filter
/// that it was declared with holds for what it receives.
final class WrappedFilter: Sendable {
    /// Whether an event is of the type that the handler takes; nil where all are.
    private let verdict: CastVerdict?
    /// The name of the type that the handler takes.
    private let base: String
    /// The filter that the handler was declared with; nil without one.
    let filter: FilterNode?
    /// What the handler receives, as a copy that can be kept.
    let copyWrapped: @Sendable (EventReference) -> EventCopy

    init(
        _ verdict: CastVerdict?,
        as base: String,
        _ filter: FilterNode?,
        _ copyWrapped: @escaping @Sendable (EventReference) -> EventCopy
    ) {
        self.verdict = verdict
        self.base = base
        self.filter = filter
        self.copyWrapped = copyWrapped
    }

    /// Whether the events of the type differ in whether the handler takes them.
    var selectsEvents: Bool { verdict.map { !$0.isUniform } ?? false }

    /// Whether an event is of the type that the handler takes.
    func takes(_ event: EventReference) -> Bool { verdict?.takes(event) ?? true }

    /// Whether an event is for the handler.
    func holds(for event: EventReference) -> Bool {
        guard takes(event) else { return false }
        guard let filter else { return true }
        let copy = copyWrapped(event)
        return withExtendedLifetime(copy) { filter.holds(for: copy.reference) }
    }

    /// That an event is of the type that the handler takes, as Swift source.
    var requirement: String { "event is \(base)" }

    func write(to output: inout PrintedText) {
        if selectsEvents || filter == nil { output.append(requirement) }
        if let filter {
            if selectsEvents { output.append(" && ") }
            output.append(filter.printed(atMost: output.room))
        }
    }
}
