/// A block with filters of its own, which narrow the handlers inside it and no others.
///
/// Inside `AnyOf` a rule groups conditions that have to hold together.
public struct Rule<Event: MatchableEvent>: Clause {
    /// The block as data.
    public private(set) var declaration: ClauseDeclaration

    /// Declares a block.
    public init(
        fileID: String = #fileID,
        line: Int = #line,
        @ClauseBuilder<Event> _ clauses: () -> [ClauseDeclaration]
    ) {
        declaration = ClauseDeclaration(content: .rule(clauses()), location: CallSite(fileID: fileID, line: line))
    }

    /// Lets the handlers of the block start for at most `count` events: one claim an event, however many of them it matches.
    public func limit(_ count: Int, fileID: String = #fileID, line: Int = #line) -> Self {
        var copy = self
        let location = CallSite(fileID: fileID, line: line)
        copy.declaration.limit = LimitDeclaration(count, counting: .starts, location: location)
        return copy
    }
}
