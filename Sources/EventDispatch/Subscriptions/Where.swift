/// Narrows every handler of the block it stands in. Several lines have to hold together.
///
/// ```swift
/// Where(\.role == .admin)
/// Where(\.logins, in: 0..<3)
/// Where { event in event.name.count > 3 }
/// ```
///
/// Write one condition a line: the type checker solves lines one by one, and reports a mistake at its line.
public struct Where<Event: MatchableEvent>: Clause, FilterExpression {
    /// The line as data.
    @_documentation(visibility: internal)
    public let declaration: ClauseDeclaration

    /// A condition as an expression.
    public init(_ filter: Filter<Event>, fileID: String = #fileID, line: Int = #line) {
        declaration = ClauseDeclaration(
            content: .filter(filter.root, filter.defect),
            location: CallSite(fileID: fileID, line: line)
        )
    }
}

/// Holds when one of its lines does: `Where`, a `Rule` that groups several, or another `AnyOf`.
///
/// Like a `Where`, it narrows every handler of the block it stands in. A handler that several lines admit runs once.
public struct AnyOf<Event: MatchableEvent>: Clause {
    /// The block as data.
    @_documentation(visibility: internal)
    public let declaration: ClauseDeclaration

    /// Declares alternatives.
    public init(
        fileID: String = #fileID,
        line: Int = #line,
        @ClauseBuilder<Event> _ alternatives: () -> [ClauseDeclaration]
    ) {
        declaration = ClauseDeclaration(content: .anyOf(alternatives()), location: CallSite(fileID: fileID, line: line))
    }
}
