/// Builds the inside of `subscribe`: blocks for any events, and arrays of what other builders made of such blocks.
///
/// Mark a function or a property with it to declare blocks in a place of their own:
///
/// ```swift
/// @SubscriptionBuilder var auditing: [SubscriptionDeclaration] {
///     On(UserCreated.self) { Handle("audit") { event in print("created \(event.name)") } }
///     On(UserDeleted.self) { Handle("audit") { event in print("deleted \(event.name)") } }
/// }
///
/// let subscription = try dispatcher.subscribe { auditing }
/// ```
///
/// Declared handlers do nothing before they are subscribed. They can be subscribed several times, at several dispatchers; each
/// subscription has limits of its own.
@resultBuilder
public enum SubscriptionBuilder {
    /// One block, or an array of declarations.
    ///
    /// There is exactly one `buildExpression`, as in `ClauseBuilder`.
    @inlinable
    public static func buildExpression<C: SubscriptionClause>(_ clause: C) -> [SubscriptionDeclaration] {
        clause.declarations
    }

    /// Blocks in their order.
    public static func buildBlock(_ parts: [SubscriptionDeclaration]...) -> [SubscriptionDeclaration] {
        parts.flatMap { $0 }
    }

    /// `if` and `if let`.
    public static func buildOptional(_ part: [SubscriptionDeclaration]?) -> [SubscriptionDeclaration] { part ?? [] }

    /// `if`/`else` and `switch`.
    public static func buildEither(first part: [SubscriptionDeclaration]) -> [SubscriptionDeclaration] { part }

    /// `if`/`else` and `switch`.
    public static func buildEither(second part: [SubscriptionDeclaration]) -> [SubscriptionDeclaration] { part }

    /// `for`.
    public static func buildArray(_ parts: [[SubscriptionDeclaration]]) -> [SubscriptionDeclaration] {
        parts.flatMap { $0 }
    }

    /// `if #available`.
    public static func buildLimitedAvailability(_ part: [SubscriptionDeclaration]) -> [SubscriptionDeclaration] { part }
}

/// Builds the inside of `On` and of its blocks.
///
/// There is exactly one `buildExpression`: with several, a typo in a handler's body would be reported as "no exact
/// matches in call to buildExpression" instead of by its name.
@_documentation(visibility: internal)
@resultBuilder
public enum ClauseBuilder<Event: MatchableEvent> {
    /// One clause.
    @inlinable
    public static func buildExpression<C: Clause>(_ clause: C) -> [ClauseDeclaration] where C.Event == Event {
        [clause.declaration]
    }

    /// Clauses in their order.
    @inlinable
    public static func buildBlock(_ parts: [ClauseDeclaration]...) -> [ClauseDeclaration] {
        parts.flatMap { $0 }
    }

    /// `if` and `if let`. Braces with handlers in them are a block of their own; conditions alone narrow the enclosing block.
    @inlinable
    public static func buildOptional(_ part: [ClauseDeclaration]?) -> [ClauseDeclaration] {
        ClauseDeclaration.braces(part ?? [])
    }

    /// `if`/`else` and `switch`, as with `if`.
    @inlinable
    public static func buildEither(first part: [ClauseDeclaration]) -> [ClauseDeclaration] {
        ClauseDeclaration.braces(part)
    }

    /// `if`/`else` and `switch`, as with `if`.
    @inlinable
    public static func buildEither(second part: [ClauseDeclaration]) -> [ClauseDeclaration] {
        ClauseDeclaration.braces(part)
    }

    /// `for`: every round as with `if`.
    @inlinable
    public static func buildArray(_ parts: [[ClauseDeclaration]]) -> [ClauseDeclaration] {
        parts.flatMap { ClauseDeclaration.braces($0) }
    }

    /// `if #available`, as with `if`.
    @inlinable
    public static func buildLimitedAvailability(_ part: [ClauseDeclaration]) -> [ClauseDeclaration] {
        ClauseDeclaration.braces(part)
    }
}

/// A line in `subscribe`: a block, `On` or `OnAny`, or an array of declarations. The library's own types conform.
@_documentation(visibility: internal)
public protocol SubscriptionClause {
    /// The line as data.
    @_documentation(visibility: internal)
    var declarations: [SubscriptionDeclaration] { get }
}

extension Array: SubscriptionClause where Element == SubscriptionDeclaration {
    /// The array itself.
    @_documentation(visibility: internal)
    public var declarations: [SubscriptionDeclaration] { self }
}

/// A line or block inside `On`: `Phase`, `Rule`, `Where`, `AnyOf`, `Handle`. The library's own types conform.
@_documentation(visibility: internal)
public protocol Clause<Event> {
    /// The event whose handlers are declared.
    associatedtype Event: MatchableEvent

    /// The clause as data.
    @_documentation(visibility: internal)
    var declaration: ClauseDeclaration { get }
}

/// One block of `subscribe` as data, for whichever event. ``SubscriptionBuilder`` makes them.
public struct SubscriptionDeclaration: Sendable {
    /// The event's main phase, where handlers outside any `Phase` run.
    let mainPhase: PhaseInfo
    let block: ClauseDeclaration
    /// For handlers of any event: which types they are for.
    var anyEvent: AnyEventPlan?
    /// What is wrong with the block itself; nil for nothing.
    var defect: String?
}

/// A clause as data: the builder collects these, and registration turns them into handlers.
///
/// It does not depend on the event's type, because generic code that is not specialised looks the type's metadata up at every step;
/// the builder is what holds clauses of different events apart.
@_documentation(visibility: internal)
public struct ClauseDeclaration: Sendable {
    enum Content: Sendable {
        /// A filter, and what is wrong with it where that does not show in it.
        case filter(FilterNode, FilterDefect?)
        case anyOf([ClauseDeclaration])
        case rule([ClauseDeclaration])
        indirect case phase(PhaseInfo, PhaseOptions, [ClauseDeclaration])
        indirect case handler(HandlerDeclaration)
    }

    let content: Content
    let location: CallSite
    /// What the modifiers of a block say.
    var settings: BlockSettings
    /// How deep blocks stand inside each other in it.
    fileprivate let depth: Int

    init(content: Content, location: CallSite, settings: BlockSettings = BlockSettings()) {
        depth = content.depth
        self.location = location
        self.settings = settings
        // Planning and freeing a clause recurse into its parts.
        self.content = depth > Self.maximumDepth ? .filter(.any([]), .blocksTooDeep(Self.maximumDepth)) : content
    }

    private static var maximumDepth: Int { 64 }

    /// The inside of a pair of braces of `if`, `switch` or `for`. With handlers in it, it is a block whose conditions narrow
    /// these handlers only; conditions alone narrow the enclosing block.
    @usableFromInline
    static func braces(_ clauses: [ClauseDeclaration]) -> [ClauseDeclaration] {
        guard clauses.count > 1, clauses.contains(where: \.declaresHandlers) else { return clauses }
        return [ClauseDeclaration(content: .rule(clauses), location: clauses[0].location)]
    }

    /// Whether the clause narrows the block it stands in, and does nothing else.
    var isCondition: Bool {
        switch content {
        case .filter, .anyOf: true
        case .handler, .rule, .phase: false
        }
    }

    private var declaresHandlers: Bool {
        switch content {
        case .filter, .anyOf: false
        case .handler: true
        case .rule(let clauses), .phase(_, _, let clauses): clauses.contains(where: \.declaresHandlers)
        }
    }
}

extension ClauseDeclaration.Content {
    fileprivate var depth: Int {
        switch self {
        case .filter, .handler: 0
        case .anyOf(let clauses), .rule(let clauses), .phase(_, _, let clauses):
            (clauses.lazy.map(\.depth).max() ?? 0) + 1
        }
    }
}
