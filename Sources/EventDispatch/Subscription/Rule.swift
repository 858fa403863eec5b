/// A block with filters of its own, which narrow the handlers inside it and no others.
///
/// Inside `AnyOf` a rule groups conditions that have to hold together.
public struct Rule<Event: MatchableEvent>: Clause {
    /// The block as data.
    public let declaration: ClauseDeclaration<Event>

    /// Declares a block.
    public init(
        fileID: String = #fileID,
        line: Int = #line,
        @ClauseBuilder<Event> _ clauses: () -> [ClauseDeclaration<Event>]
    ) {
        declaration = ClauseDeclaration(content: .rule(clauses()), location: CallSite(fileID: fileID, line: line))
    }
}
