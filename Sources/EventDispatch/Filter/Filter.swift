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
public struct Filter<Event: MatchableEvent>: Sendable {
    let root: FilterNode

    init(_ root: FilterNode) { self.root = root }

    /// Whether the filter holds for an event.
    public func matches(_ event: Event) -> Bool {
        withUnsafePointer(to: event) { root.holds(for: EventReference($0)) }
    }
}
