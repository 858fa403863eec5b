/// Builds the inside of `On` and of its blocks.
///
/// There is exactly one `buildExpression`: with several, a typo in a handler's body would be reported as "no exact
/// matches in call to buildExpression" instead of by its name.
@resultBuilder
public enum ClauseBuilder<Event: MatchableEvent> {
    /// One clause.
    public static func buildExpression<C: Clause>(_ clause: C) -> [ClauseDeclaration<Event>] where C.Event == Event {
        [clause.declaration]
    }

    /// Clauses in their order.
    public static func buildBlock(_ parts: [ClauseDeclaration<Event>]...) -> [ClauseDeclaration<Event>] {
        parts.flatMap { $0 }
    }

    /// `if` and `if let`: the clauses belong to the enclosing block, when the condition holds.
    public static func buildOptional(_ part: [ClauseDeclaration<Event>]?) -> [ClauseDeclaration<Event>] { part ?? [] }

    /// `if`/`else` and `switch`.
    public static func buildEither(first part: [ClauseDeclaration<Event>]) -> [ClauseDeclaration<Event>] { part }

    /// `if`/`else` and `switch`.
    public static func buildEither(second part: [ClauseDeclaration<Event>]) -> [ClauseDeclaration<Event>] { part }

    /// `for`: the clauses of every round belong to the enclosing block.
    public static func buildArray(_ parts: [[ClauseDeclaration<Event>]]) -> [ClauseDeclaration<Event>] {
        parts.flatMap { $0 }
    }

    /// `if #available`.
    public static func buildLimitedAvailability(_ part: [ClauseDeclaration<Event>]) -> [ClauseDeclaration<Event>] {
        part
    }
}
