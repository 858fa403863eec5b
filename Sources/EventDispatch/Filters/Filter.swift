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

    /// Asking, printing and freeing a filter recurse into its parts, on the stack of a thread.
    private static var maximumDepth: Int { 256 }

    /// Why the filter can't be registered, beside what its conditions say.
    var defect: FilterDefect? { depth > Self.maximumDepth ? .nestedTooDeep(Self.maximumDepth) : nil }

    /// Whether the filter holds for an event.
    public func matches(_ event: Event) -> Bool {
        withUnsafePointer(to: event) { root.holds(for: EventReference($0)) }
    }
}

/// A closure that is asked about an event, and what it asks where that can be said.
struct Predicate: Sendable {
    private let ask: @Sendable (EventReference) -> Bool
    /// The filter of a handler of any event; nil for a program's own closure.
    let wrapped: WrappedFilter?

    init(_ ask: @escaping @Sendable (EventReference) -> Bool) {
        self.ask = ask
        wrapped = nil
    }

    init(_ wrapped: WrappedFilter) {
        ask = { wrapped.holds(for: $0) }
        self.wrapped = wrapped
    }

    /// Whether it holds for an event.
    func holds(for event: EventReference) -> Bool { ask(event) }

    func write(to output: inout PrintedText) {
        if let wrapped { wrapped.write(to: &output) } else { output.append("{ … }") }
    }
}

/// A condition on a key, or its negation.
struct KeyLiteral {
    let condition: Condition
    let isNegated: Bool

    /// Whether the literal can hold for a value of its key's type, or for one that equals it.
    func canHold(forValue value: Any) -> Bool {
        condition.holds(forAllEqualTo: value).map { $0 != isNegated } ?? true
    }

    func write(to output: inout PrintedText) { condition.write(to: &output, negated: isNegated) }
}

extension Filter: CustomStringConvertible {
    /// The filter much like Swift source, `\.role == .admin && \.logins in 0..<3`; a closure prints as `{ … }`.
    public var description: String { root.printed(atMost: .max) }
}

extension FilterNode {
    /// The filter as Swift source, cut where it is longer than a number of Unicode scalars.
    func printed(atMost length: Int) -> String {
        EventDispatch.printed(atMost: length) { write(to: &$0, within: .whole) }
    }

    /// The place of a node, which decides whether it needs parentheses.
    private enum Context { case whole, conjunction, disjunction, negation }

    private func write(to output: inout PrintedText, within context: Context) {
        switch self {
        case .condition(let condition): Self.write(condition, negated: false, to: &output, within: context)
        case .not(.condition(let condition)): Self.write(condition, negated: true, to: &output, within: context)
        case .satisfying(let predicate): predicate.write(to: &output)
        case .not(let node):
            output.append("!")
            node.write(to: &output, within: .negation)
        case .all(let nodes) where nodes.isEmpty: output.append("true")
        case .any(let nodes) where nodes.isEmpty: output.append("false")
        case .all(let nodes):
            Self.write(to: &output, inParentheses: context == .negation) { output in
                output.append(nodes, separator: " && ") { $0.write(to: &$1, within: .conjunction) }
            }
        case .any(let nodes):
            Self.write(to: &output, inParentheses: context == .negation || context == .conjunction) { output in
                output.append(nodes, separator: " || ") { $0.write(to: &$1, within: .disjunction) }
            }
        }
    }

    private static func write(
        _ condition: Condition,
        negated: Bool,
        to output: inout PrintedText,
        within context: Context
    ) {
        write(to: &output, inParentheses: context == .negation) { condition.write(to: &$0, negated: negated) }
    }

    private static func write(
        to output: inout PrintedText,
        inParentheses: Bool,
        _ content: (inout PrintedText) -> Void
    ) {
        if inParentheses { output.append("(") }
        content(&output)
        if inParentheses { output.append(")") }
    }
}
