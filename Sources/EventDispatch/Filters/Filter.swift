/// A condition on an event's match keys, as a value: it can be stored, combined, printed and registered.
///
/// Written with operators on key paths, or with the labels of ``FilterExpression``, their named twins:
///
/// ```swift
/// let isAdmin: Filter<UserCreated> = \.role == .admin
/// let isNew = Filter<UserCreated>(\.logins, in: 0..<3)
/// ```
///
/// `&&`, `||` and `!` serve short combinations. Long ones belong into lines of `Where` and `AnyOf`, which the type
/// checker solves one by one.
///
/// A filter prints as Swift source: `\.role == .admin && \.logins in 0..<3`.
///
/// Parentheses and negations may stand inside each other 256 deep. A filter that is built deeper holds for no event, and is
/// refused where it is registered. How many conditions stand beside each other is not limited.
public struct Filter<Event: MatchableEvent>: Sendable {
    let root: FilterNode
    /// How deep negations, conjunctions and alternatives stand inside each other in it.
    let depth: Int

    init(_ root: FilterNode, depth: Int = 0) {
        self.root = depth > Self.maximumDepth ? .satisfying(Predicate { _ in false }) : root
        self.depth = depth
    }

    /// What asks, prints and frees a filter calls itself for what stands inside, on the stack of a thread.
    private static var maximumDepth: Int { 256 }

    /// Why the filter can't be registered, beside what its conditions say.
    var defect: FilterDefect? { depth > Self.maximumDepth ? .nestedTooDeep(Self.maximumDepth) : nil }

    /// Whether the filter holds for an event.
    public func matches(_ event: Event) -> Bool {
        withUnsafePointer(to: event) { root.holds(for: EventReference($0)) }
    }
}
