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
    public let declaration: ClauseDeclaration

    /// A condition as an expression.
    public init(_ filter: Filter<Event>, fileID: String = #fileID, line: Int = #line) {
        declaration = ClauseDeclaration(
            content: .filter(filter.root, filter.defect),
            location: CallSite(fileID: fileID, line: line)
        )
    }
}
