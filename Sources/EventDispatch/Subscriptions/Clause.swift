/// A line or block inside `On`: `Phase`, `Rule`, `Where`, `AnyOf`, `Handle`. The library's own types conform.
public protocol Clause<Event> {
    /// The event whose handlers are declared.
    associatedtype Event: MatchableEvent

    /// What the clause declares.
    var declaration: ClauseDeclaration { get }
}
