/// Builds the inside of `On` and of its blocks.
///
/// There is exactly one `buildExpression`: with several, a typo in a handler's body would be reported as "no exact
/// matches in call to buildExpression" instead of by its name.
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
