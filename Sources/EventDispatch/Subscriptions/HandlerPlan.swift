/// A handler with all that the blocks around it say: what registration stores, whatever the event.
final class HandlerPlan: Sendable {
    let handler: HandlerDeclaration
    let phase: PhaseInfo
    let options: PhaseOptions
    /// Nil when the handler takes every event of its type.
    let filter: FilterNode?
    /// All limits that have to allow a start: those of the blocks around the handler, then its own.
    let limits: [PlannedLimit]
    private let rareModifiers: Seldom<PlannedModifiers>
    /// For a handler of any event: which types it is for.
    let anyEvent: AnyEventPlan?

    init(
        handler: HandlerDeclaration,
        phase: PhaseInfo,
        options: PhaseOptions,
        filter: FilterNode?,
        limits: [PlannedLimit],
        modifiers: PlannedModifiers,
        anyEvent: AnyEventPlan? = nil
    ) {
        self.handler = handler
        self.phase = phase
        self.options = options
        self.filter = filter
        self.limits = limits
        rareModifiers = Seldom(modifiers.isEmpty ? nil : modifiers)
        self.anyEvent = anyEvent
    }

    var modifiers: PlannedModifiers { rareModifiers.value ?? PlannedModifiers() }

    /// The plan of what runs once the handler has departed from its fire, and its limits are claimed; nil for a handler that a fire
    /// waits for.
    var ofDepartedRun: HandlerPlan? {
        guard modifiers.departure != nil else { return nil }
        return HandlerPlan(
            handler: handler,
            phase: phase,
            options: options,
            filter: filter,
            limits: [],
            modifiers: modifiers.ofDepartedRun
        )
    }
}

/// How reports and listings name a handler.
public struct HandlerLabel: Hashable, Sendable, CustomStringConvertible {
    /// The name it was given, or an empty string.
    public let name: String
    /// Where it was declared.
    public let location: CallSite

    /// `'name' at Module/File.swift:12`.
    public var description: String {
        name.isEmpty ? "handler at \(location)" : "'\(escapingControlCharacters(name))' at \(location)"
    }
}

/// A handler as it was declared, before the blocks around it are known.
struct HandlerDeclaration: Sendable {
    var name: String
    let location: CallSite
    var body: HandlerBody
    var owner: ObjectLife?
    /// Nil where the handler says nothing of it.
    var priority: Int?
    var limits: [LimitDeclaration] = []
    private var rareTimeout = Seldom<HandlerTimeout>()
    private var rareModifiers = Seldom<ModifierDeclarations>()
    /// Whether it takes events for somebody else, as that of a sequence does, and never replies.
    var onlyWatches: Bool

    init(name: String, location: CallSite, body: HandlerBody, owner: ObjectLife? = nil, onlyWatches: Bool = false) {
        self.name = name
        self.location = location
        self.body = body
        self.owner = owner
        self.onlyWatches = onlyWatches
    }

    var timeout: HandlerTimeout? {
        get { rareTimeout.value }
        set { rareTimeout.value = newValue }
    }

    /// Nil for a handler without any.
    var anyModifiers: ModifierDeclarations? { rareModifiers.value }

    var modifiers: ModifierDeclarations {
        get { rareModifiers.value ?? ModifierDeclarations() }
        set { rareModifiers.value = newValue }
    }

    var label: HandlerLabel { HandlerLabel(name: name, location: location) }
}

/// How long a handler may take.
struct HandlerTimeout: Sendable {
    /// How long until it is cancelled.
    let duration: Duration
    /// How long the fire waits for its end after that.
    let grace: Duration
    /// Where that was said.
    let location: CallSite
}

/// The closure of a handler, by what it takes to run it.
///
/// Synchronous and asynchronous closures are kept apart, because the one costs a call and the other a suspension.
@usableFromInline
enum HandlerBody: Sendable {
    @usableFromInline
    typealias Asynchronous =
        nonisolated(nonsending) @Sendable (EventReference, StartPermit) async throws -> HandlerReply

    /// Runs in place, on whatever thread fires.
    case synchronous(InPlaceBody)
    /// Is synchronous on its actor: in place for a caller on that actor, otherwise after a hop. The closures hold the actor, strongly
    /// or weakly; where it's gone, and another has its address, they refuse.
    case isolated(ObjectIdentifier, inPlace: InPlaceBody, afterHop: Asynchronous)
    /// Has to be awaited.
    case asynchronous(Asynchronous)
    /// Has to be awaited, and goes to its actor first, where it asks its permit whether it may still start.
    case onActor(Asynchronous)

    /// Whether it is always awaited.
    var isAsynchronous: Bool {
        switch self {
        case .synchronous, .isolated: false
        case .asynchronous, .onActor: true
        }
    }

    /// The closure to call in place where the handler need not be awaited.
    var inPlace: InPlaceBody {
        switch self {
        case .synchronous(let body), .isolated(_, let body, _): body
        case .asynchronous, .onActor: InPlaceBody { _ in preconditionFailure("an asynchronous handler is awaited") }
        }
    }
}

/// The return of a handler's closure.
@usableFromInline
enum HandlerReply: Sendable {
    /// Nothing, as handlers of events without a `Reply` do.
    case nothing
    /// A value of the event's `Reply`.
    case value(AnyReply)
    /// Nothing, because it was not called: its owner was gone, or something else kept it from starting on the way to its actor.
    case refused(Refusal)

    /// The reply of an event's handler.
    @inlinable
    init<Event: MatchableEvent>(_ reply: Event.Reply, to event: Event.Type) {
        self = Event.Reply.self == Void.self ? .nothing : .value(ReplyBox(reply))
    }
}

/// A reply, whatever its type: a reference, so that an answer without one is cheap to pass on.
@usableFromInline
typealias AnyReply = any AnyObject & Sendable

/// A reply with its type.
///
/// It is taken back by the type of the box. A cast of the reply itself would change nil: it sees through levels of optionality, and
/// `any Sendable` holds everything.
@usableFromInline
final class ReplyBox<Reply: Sendable>: Sendable {
    private let reply: Reply

    @usableFromInline
    init(_ reply: Reply) { self.reply = reply }

    /// The reply in a box; nil where that holds one of another type.
    static func reply(in box: AnyReply) -> Reply? { (box as? ReplyBox)?.reply }
}
