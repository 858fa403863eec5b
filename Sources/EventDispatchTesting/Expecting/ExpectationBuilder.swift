/// Builds the expectations of `expecting`.
@_documentation(visibility: internal)
@resultBuilder
public enum ExpectationBuilder {
    /// One expectation.
    public static func buildExpression<E: EventExpectation>(_ expectation: E) -> [ExpectationDeclaration] {
        [expectation.declaration]
    }

    /// Expectations in their order.
    public static func buildBlock(_ parts: [ExpectationDeclaration]...) -> [ExpectationDeclaration] {
        parts.flatMap { $0 }
    }

    /// `if` and `if let`.
    public static func buildOptional(_ part: [ExpectationDeclaration]?) -> [ExpectationDeclaration] { part ?? [] }

    /// `if`/`else` and `switch`.
    public static func buildEither(first part: [ExpectationDeclaration]) -> [ExpectationDeclaration] { part }

    /// `if`/`else` and `switch`.
    public static func buildEither(second part: [ExpectationDeclaration]) -> [ExpectationDeclaration] { part }

    /// `for`.
    public static func buildArray(_ parts: [[ExpectationDeclaration]]) -> [ExpectationDeclaration] {
        parts.flatMap { $0 }
    }
}
