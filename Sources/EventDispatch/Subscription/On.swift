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
    private let clauses: [ClauseDeclaration<Event>]

    /// Declares handlers for an event.
    public init(_ event: Event.Type, @ClauseBuilder<Event> _ clauses: () -> [ClauseDeclaration<Event>]) {
        self.clauses = clauses()
    }

    /// The block as data.
    public var declaration: SubscriptionDeclaration { SubscriptionDeclaration(block: OnBlock(clauses: clauses)) }
}
