/// Declares handlers of one phase.
///
/// Phases are barriers: every handler of one phase, whoever subscribed it, has an outcome before any handler of the next
/// starts. A phase can't stand inside another.
public struct Phase<Event: MatchableEvent>: Clause {
    /// The block as data.
    public private(set) var declaration: ClauseDeclaration

    /// Declares handlers of a phase.
    ///
    /// - Parameters:
    ///   - phase: one of the event's phases.
    ///   - options: how the block's handlers run beside the others of the phase.
    public init(
        _ phase: Event.Phases,
        _ options: PhaseOptions = [],
        fileID: String = #fileID,
        line: Int = #line,
        @ClauseBuilder<Event> _ clauses: () -> [ClauseDeclaration]
    ) {
        declaration = ClauseDeclaration(
            content: .phase(.of(Event.self, phase), options, clauses()),
            location: CallSite(fileID: fileID, line: line)
        )
    }

    /// Lets the handlers of the block start for at most `count` events: one claim an event, however many of them it matches.
    public func limit(_ count: Int, fileID: String = #fileID, line: Int = #line) -> Self {
        var copy = self
        let location = CallSite(fileID: fileID, line: line)
        copy.declaration.limit = LimitDeclaration(count, counting: .starts, location: location)
        return copy
    }
}
