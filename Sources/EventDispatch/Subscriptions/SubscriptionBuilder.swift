/// Builds the inside of `subscribe`: blocks for any events.
@resultBuilder
public enum SubscriptionBuilder {
    /// One block.
    @inlinable
    public static func buildExpression<C: SubscriptionClause>(_ clause: C) -> [SubscriptionDeclaration] {
        [clause.declaration]
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
