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
public struct On<Event: MatchableEvent>: SubscriptionClause {
    private let clauses: [ClauseDeclaration]
    private let location: CallSite
    private var limit: LimitDeclaration?

    /// Declares handlers for an event.
    public init(
        _ event: Event.Type,
        fileID: String = #fileID,
        line: Int = #line,
        @ClauseBuilder<Event> _ clauses: () -> [ClauseDeclaration]
    ) {
        self.clauses = clauses()
        location = CallSite(fileID: fileID, line: line)
    }

    /// The block as data.
    public var declaration: SubscriptionDeclaration {
        let block = ClauseDeclaration(content: .rule(clauses), location: location, limit: limit)
        return SubscriptionDeclaration(mainPhase: .main(of: Event.self), block: block)
    }

    /// Lets the handlers of the block start for at most `count` events: one claim an event, however many of them it matches.
    public func limit(_ count: Int, fileID: String = #fileID, line: Int = #line) -> Self {
        var copy = self
        let location = CallSite(fileID: fileID, line: line)
        copy.limit = LimitDeclaration(count, counting: .starts, location: location)
        return copy
    }
}
