/// A block in `subscribe`: `On`. The library's own types conform.
public protocol SubscriptionClause {
    /// What the block declares.
    var declaration: SubscriptionDeclaration { get }
}
