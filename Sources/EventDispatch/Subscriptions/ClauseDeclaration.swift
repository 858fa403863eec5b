/// What a clause declares, as data: the builder collects these, and registration turns them into handlers.
///
/// It does not depend on the event's type, because generic code that is not specialised looks the type's metadata up at every step;
/// the builder is what holds clauses of different events apart.
public struct ClauseDeclaration: Sendable {
    enum Content: Sendable {
        /// A filter, and what is wrong with it where that does not show in it.
        case filter(FilterNode, FilterDefect?)
        case anyOf([ClauseDeclaration])
        case rule([ClauseDeclaration])
        indirect case phase(PlannedPhase, PhaseOptions, [ClauseDeclaration])
        indirect case handler(HandlerDeclaration)
    }

    let content: Content
    let location: CallSite
    /// One budget for all handlers of a block.
    var limit: LimitDeclaration?
    /// How deep blocks stand inside each other in it.
    fileprivate let depth: Int

    init(content: Content, location: CallSite, limit: LimitDeclaration? = nil) {
        depth = content.depth
        self.location = location
        self.limit = limit
        // What plans and frees a clause calls itself for what stands inside.
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
