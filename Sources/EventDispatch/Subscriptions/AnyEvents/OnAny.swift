/// Declares handlers for events of any type.
///
/// ```swift
/// OnAny(named: "shop.order.*") {
///     Handle("log") { event in print(event.eventName, event.base) }.limit(100)
/// }
/// OnAny(conformingTo: (any AuditEvent).self) { event in print(event.userID) }
/// ```
///
/// The handlers run in each event's main phase, in order with its others, and reply nothing; where that phase is missing from its
/// type's `allCases`, they run after all others. `OnAny(.before)` and `OnAny(.after)` put them around all phases of each event:
///
/// ```swift
/// OnAny(.before, .gate) { event in try await journal.append(event) }
/// OnAny(.after) { event in metrics.count(event.name) }
/// ```
///
/// Handlers around the phases watch: an event that no other handler matches is unhandled. Those of `.before` start in order of
/// priority, then registration, and each waits until the one before it has ended. With `.gate`, a handler that fails is a veto:
/// nothing of that event starts any more. Those of `.after` run like a phase after the last, also after failures, but not after that
/// of a gate.
///
/// Where one handler is all that is wanted, its closure stands in the braces itself,
/// and receives the event as `any MatchableEvent`, or as the protocol that is named. In a block, `Handle` and the other clauses are
/// as in ``On``; the event comes as ``AnyEvent``.
///
/// Types are selected by their names: `Module.Type` unless an event sets another. A type's name is matched once, not at every
/// fire. Types that nobody subscribes to otherwise are selected too.
public struct OnAny<Base: Sendable>: SubscriptionClause, HandlerBlock {
    private let clauses: [ClauseDeclaration]
    private let selection: EventSelection
    private let phase: AnyEventPhase
    private let options: AnyEventOptions
    private let location: CallSite
    /// What the block's modifiers say.
    @_documentation(visibility: internal)
    public var settings = BlockSettings()

    init(
        _ selection: EventSelection,
        _ phase: AnyEventPhase,
        _ options: AnyEventOptions,
        _ location: CallSite,
        _ clauses: [ClauseDeclaration]
    ) {
        self.selection = selection
        self.phase = phase
        self.options = options
        self.location = location
        self.clauses = clauses
    }

    /// Declares handlers for the events of all types, or of those whose names fit a pattern.
    ///
    /// - Parameters:
    ///   - phase: where the handlers run: in each event's main phase, or around all its phases.
    ///   - options: whether a failure is a veto.
    ///   - pattern: a dotted name, in which `*` stands for one token, and `**`, as the last one, for all that follow, none
    ///     included.
    ///   - clauses: the block's lines: handlers, and conditions that narrow them.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    public init(
        _ phase: AnyEventPhase = .main,
        _ options: AnyEventOptions = [],
        named pattern: String? = nil,
        fileID: String = #fileID,
        line: Int = #line,
        @ClauseBuilder<AnyEvent<Base>> _ clauses: () -> [ClauseDeclaration]
    ) where Base == any MatchableEvent {
        let selection = EventSelection(named: pattern, "any event")
        self.init(selection, phase, options, CallSite(fileID: fileID, line: line), clauses())
    }

    /// Declares handlers for the events whose types conform to a protocol.
    ///
    /// The type that an event is fired as decides. For a protocol with parameters, `(any Container<Int>).self`, the event itself is
    /// asked, and ``EventDispatcher/hasHandlers(for:)`` counts the handler for all types.
    ///
    /// - Parameters:
    ///   - phase: where the handlers run: in each event's main phase, or around all its phases.
    ///   - options: whether a failure is a veto.
    ///   - type: the protocol, `(any AuditEvent).self`.
    ///   - pattern: a pattern that the types' names have to fit besides.
    ///   - clauses: the block's lines: handlers, and conditions that narrow them.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    public init(
        _ phase: AnyEventPhase = .main,
        _ options: AnyEventOptions = [],
        conformingTo type: Base.Type,
        named pattern: String? = nil,
        fileID: String = #fileID,
        line: Int = #line,
        @ClauseBuilder<AnyEvent<Base>> _ clauses: () -> [ClauseDeclaration]
    ) {
        let selection = EventSelection(named: pattern, "any event conforming to \(Base.self)")
        self.init(selection, phase, options, CallSite(fileID: fileID, line: line), clauses())
    }

    /// The block as data.
    @_documentation(visibility: internal)
    public var declarations: [SubscriptionDeclaration] { [declaration] }

    var declaration: SubscriptionDeclaration {
        let around = phase.around(options)
        let isGateAtEnd = options.contains(.gate) && around != .gateBeforeAll
        return SubscriptionDeclaration(
            mainPhase: around.map { .of(AnyEvent<Base>.self, $0) } ?? .main(of: AnyEvent<Base>.self),
            block: ClauseDeclaration(content: .rule(clauses), location: location, settings: settings),
            anyEvent: AnyEventPlan(selection, of: Base.self, around: around),
            defect: isGateAtEnd
                ? "a gate of any event is `OnAny(.before, .gate)`: its failure skips what comes after it" : nil
        )
    }
}

/// Where the handlers of an ``OnAny`` run.
public enum AnyEventPhase: Hashable, Sendable {
    /// Before the first phase of each event.
    case before
    /// In the main phase of each event.
    case main
    /// After the last phase of each event.
    case after

    /// The phase around those of an event; nil for the main one.
    fileprivate func around(_ options: AnyEventOptions) -> PhaseAround? {
        switch self {
        case .before: options.contains(.gate) ? .gateBeforeAll : .beforeAll
        case .main: nil
        case .after: .afterAll
        }
    }
}

/// What a failure of handlers of an ``OnAny`` does.
public struct AnyEventOptions: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8

    /// Makes options from bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A failure is a veto: nothing of the event starts any more. For `.before` only.
    public static let gate = AnyEventOptions(rawValue: 1)
}
