/// Holds when one of its lines does: `Where`, a `Rule` that groups several, or another `AnyOf`.
///
/// Like a `Where`, it narrows every handler of the block it stands in. A handler that several lines admit runs once.
public struct AnyOf<Event: MatchableEvent>: Clause {
    /// The block as data.
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
