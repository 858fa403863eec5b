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

    /// `if` and `if let`. Braces with handlers in them are a block of their own; conditions alone narrow the enclosing block.
    public static func buildOptional(_ part: [ClauseDeclaration<Event>]?) -> [ClauseDeclaration<Event>] {
        ClauseDeclaration.braces(part ?? [])
    }

    /// `if`/`else` and `switch`, as with `if`.
    public static func buildEither(first part: [ClauseDeclaration<Event>]) -> [ClauseDeclaration<Event>] {
        ClauseDeclaration.braces(part)
    }

    /// `if`/`else` and `switch`, as with `if`.
    public static func buildEither(second part: [ClauseDeclaration<Event>]) -> [ClauseDeclaration<Event>] {
        ClauseDeclaration.braces(part)
    }

    /// `for`: every round as with `if`.
    public static func buildArray(_ parts: [[ClauseDeclaration<Event>]]) -> [ClauseDeclaration<Event>] {
        parts.flatMap { ClauseDeclaration.braces($0) }
    }

    /// `if #available`, as with `if`.
    public static func buildLimitedAvailability(_ part: [ClauseDeclaration<Event>]) -> [ClauseDeclaration<Event>] {
        ClauseDeclaration.braces(part)
    }
}
