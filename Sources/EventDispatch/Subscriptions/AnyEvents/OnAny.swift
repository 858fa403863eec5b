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
/// type's `allCases`, they run after all others. Where one handler is all that is wanted, its closure stands in the braces itself,
/// and receives the event as `any MatchableEvent`, or as the protocol that is named. In a block, `Handle` and the other clauses are
/// as in ``On``; the event comes as ``AnyEvent``.
///
/// Types are selected by their names: `Module.Type` unless an event sets another. A type's name is matched once, not at every
/// fire. Types that nobody subscribes to otherwise are selected too.
public struct OnAny<Base: Sendable>: SubscriptionClause, HandlerBlock {
    private let clauses: [ClauseDeclaration]
    private let selection: EventSelection
    private let location: CallSite
    /// What the block's modifiers say.
    @_documentation(visibility: internal)
    public var settings = BlockSettings()

    init(
        _ selection: EventSelection,
        _ location: CallSite,
        _ clauses: [ClauseDeclaration]
    ) {
        self.selection = selection
        self.location = location
        self.clauses = clauses
    }

    /// Declares handlers for the events of all types, or of those whose names fit a pattern.
    ///
    /// - Parameters:
    ///   - pattern: a dotted name, in which `*` stands for one token, and `**`, as the last one, for all that follow, none
    ///     included.
    ///   - clauses: the block's lines: handlers, and conditions that narrow them.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    public init(
        named pattern: String? = nil,
        fileID: String = #fileID,
        line: Int = #line,
        @ClauseBuilder<AnyEvent<Base>> _ clauses: () -> [ClauseDeclaration]
    ) where Base == any MatchableEvent {
        self.init(EventSelection(named: pattern, "any event"), CallSite(fileID: fileID, line: line), clauses())
    }

    /// Declares handlers for the events whose types conform to a protocol.
    ///
    /// The type that an event is fired as decides. For a protocol with parameters, `(any Container<Int>).self`, the event itself is
    /// asked, and ``EventDispatcher/hasHandlers(for:)`` counts the handler for all types.
    ///
    /// - Parameters:
    ///   - type: the protocol, `(any AuditEvent).self`.
    ///   - pattern: a pattern that the types' names have to fit besides.
    ///   - clauses: the block's lines: handlers, and conditions that narrow them.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    public init(
        conformingTo type: Base.Type,
        named pattern: String? = nil,
        fileID: String = #fileID,
        line: Int = #line,
        @ClauseBuilder<AnyEvent<Base>> _ clauses: () -> [ClauseDeclaration]
    ) {
        let selection = EventSelection(named: pattern, "any event conforming to \(Base.self)")
        self.init(selection, CallSite(fileID: fileID, line: line), clauses())
    }

    /// The block as data.
    @_documentation(visibility: internal)
    public var declarations: [SubscriptionDeclaration] { [declaration] }

    var declaration: SubscriptionDeclaration {
        let block = ClauseDeclaration(content: .rule(clauses), location: location, settings: settings)
        return SubscriptionDeclaration(
            mainPhase: .main(of: AnyEvent<Base>.self),
            block: block,
            anyEvent: AnyEventPlan(selection, of: Base.self)
        )
    }
}
