extension Filter: CustomStringConvertible {
    /// The filter much like Swift source, `\.role == .admin && \.logins in 0..<3`; a closure prints as `{ … }`.
    public var description: String { root.source(atMost: .max) }
}

extension FilterNode {
    /// The filter as Swift source, cut where it is longer than a number of Unicode scalars.
    func source(atMost length: Int) -> String {
        EventDispatch.source(atMost: length) { write(to: &$0, within: .whole) }
    }

    /// What a node stands in, which decides whether it needs parentheses.
    private enum Context { case whole, conjunction, disjunction, negation }

    private func write(to source: inout SourceText, within context: Context) {
        switch self {
        case .condition(let condition): Self.write(condition, negated: false, to: &source, within: context)
        case .not(.condition(let condition)): Self.write(condition, negated: true, to: &source, within: context)
        case .satisfying(let predicate): predicate.write(to: &source)
        case .not(let node):
            source.append("!")
            node.write(to: &source, within: .negation)
        case .all(let nodes) where nodes.isEmpty: source.append("true")
        case .any(let nodes) where nodes.isEmpty: source.append("false")
        case .all(let nodes):
            Self.write(to: &source, inParentheses: context == .negation) { source in
                source.append(nodes, separator: " && ") { $0.write(to: &$1, within: .conjunction) }
            }
        case .any(let nodes):
            Self.write(to: &source, inParentheses: context == .negation || context == .conjunction) { source in
                source.append(nodes, separator: " || ") { $0.write(to: &$1, within: .disjunction) }
            }
        }
    }

    private static func write(
        _ condition: Condition,
        negated: Bool,
        to source: inout SourceText,
        within context: Context
    ) {
        write(to: &source, inParentheses: context == .negation) { condition.write(to: &$0, negated: negated) }
    }

    private static func write(
        to source: inout SourceText,
        inParentheses: Bool,
        _ content: (inout SourceText) -> Void
    ) {
        if inParentheses { source.append("(") }
        content(&source)
        if inParentheses { source.append(")") }
    }
}
