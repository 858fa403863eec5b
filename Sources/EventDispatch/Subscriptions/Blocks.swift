/// Declares handlers for one type of event.
///
/// ```swift
/// On(UserCreated.self) {
///     Where(\.role == .admin)
///     Handle("page on-call") { event in try await pager.page(event.name) }.limit(3)
/// }
/// ```
///
/// A `Where` narrows every handler of the block it stands in. Handlers outside any `Phase` run in the event's main
/// phase.
public struct On<Event: MatchableEvent>: SubscriptionClause, HandlerBlock {
    private let clauses: [ClauseDeclaration]
    private let location: CallSite
    /// What the block's modifiers say.
    @_documentation(visibility: internal)
    public var settings = BlockSettings()

    /// Declares handlers for an event.
    ///
    /// - Parameters:
    ///   - event: the type of the events.
    ///   - filter: narrows all handlers of the block, as a `Where` in it would; nil for none.
    ///   - clauses: the block's lines: handlers, and conditions that narrow them.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    public init(
        _ event: Event.Type,
        where filter: Filter<Event>? = nil,
        fileID: String = #fileID,
        line: Int = #line,
        @ClauseBuilder<Event> _ clauses: () -> [ClauseDeclaration]
    ) {
        let condition = filter.map { Where($0, fileID: fileID, line: line).declaration }
        self.clauses = [condition].compactMap { $0 } + clauses()
        location = CallSite(fileID: fileID, line: line)
    }

    /// The block as data.
    @_documentation(visibility: internal)
    public var declarations: [SubscriptionDeclaration] { [declaration] }

    var declaration: SubscriptionDeclaration {
        let block = ClauseDeclaration(content: .rule(clauses), location: location, settings: settings)
        return SubscriptionDeclaration(mainPhase: .main(of: Event.self), block: block)
    }
}

/// Declares handlers of one phase.
///
/// Phases are barriers: every handler of one phase, whoever subscribed it, has an outcome before any handler of the next
/// starts. A phase can't stand inside another.
public struct Phase<Event: MatchableEvent>: Clause, HandlerBlock {
    /// The block as data.
    @_documentation(visibility: internal)
    public private(set) var declaration: ClauseDeclaration

    /// Declares handlers of a phase.
    ///
    /// - Parameters:
    ///   - phase: one of the event's phases.
    ///   - options: how the block's handlers run beside the others of the phase.
    ///   - clauses: the block's lines: handlers, and conditions that narrow them.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    public init(
        _ phase: Event.Phases,
        _ options: PhaseOptions = [],
        fileID: String = #fileID,
        line: Int = #line,
        @ClauseBuilder<Event> _ clauses: () -> [ClauseDeclaration]
    ) {
        declaration = ClauseDeclaration(
            content: .phase(.of(Event.self, phase), options, clauses()),
            location: CallSite(fileID: fileID, line: line)
        )
    }

    /// What the block's modifiers say.
    @_documentation(visibility: internal)
    public var settings: BlockSettings {
        get { declaration.settings }
        set { declaration.settings = newValue }
    }
}

/// How the handlers of a `Phase` block run beside the others of the phase.
public struct PhaseOptions: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8

    /// Makes options from bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Each handler of the block waits until every handler that started before it in this phase has ended.
    public static let serial = PhaseOptions(rawValue: 1)

    /// When a handler of the block fails, the rest of the phase is given up: handlers that run are cancelled and awaited,
    /// those that have not started are skipped. Later phases run, unless the phase is a gate.
    public static let failFast = PhaseOptions(rawValue: 2)

    /// The handlers of the block start in the reverse order of their registration, and each waits as with ``serial``: the order of a
    /// shutdown, in which what was opened last is closed first.
    ///
    /// Priorities still go first. Among handlers of equal priority, those of other blocks start before, in the order of their
    /// registration; then those of all `.reversed` blocks, whoever subscribed them, from the last to the first.
    public static let reversed = PhaseOptions(rawValue: 4)
}

/// A block with filters of its own, which narrow the handlers inside it and no others.
///
/// Inside `AnyOf` a rule groups conditions that have to hold together.
public struct Rule<Event: MatchableEvent>: Clause, HandlerBlock {
    /// The block as data.
    @_documentation(visibility: internal)
    public private(set) var declaration: ClauseDeclaration

    /// Declares a block.
    public init(
        fileID: String = #fileID,
        line: Int = #line,
        @ClauseBuilder<Event> _ clauses: () -> [ClauseDeclaration]
    ) {
        declaration = ClauseDeclaration(content: .rule(clauses()), location: CallSite(fileID: fileID, line: line))
    }

    /// What the block's modifiers say.
    @_documentation(visibility: internal)
    public var settings: BlockSettings {
        get { declaration.settings }
        set { declaration.settings = newValue }
    }
}
