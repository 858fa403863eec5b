extension Filter: CustomStringConvertible {
    /// The filter much like Swift source, `\.role == .admin && \.logins in 0..<3`; a closure prints as `{ … }`.
    public var description: String { root.description }
}

extension FilterNode: CustomStringConvertible {
    var description: String { source(within: .whole) }

    /// What a node stands in, which decides whether it needs parentheses.
    fileprivate enum Context { case whole, conjunction, disjunction, negation }

    fileprivate func source(within context: Context) -> String {
        switch self {
        case .condition(let condition):
            let source = condition.source(negated: false)
            return context == .negation ? "(\(source))" : source
        case .satisfying: return "{ … }"
        case .not(.condition(let condition)):
            let source = condition.source(negated: true)
            return context == .negation ? "(\(source))" : source
        case .not(let node): return "!\(node.source(within: .negation))"
        case .all(let nodes) where nodes.isEmpty: return "true"
        case .any(let nodes) where nodes.isEmpty: return "false"
        case .all(let nodes):
            let source = nodes.map { $0.source(within: .conjunction) }.joined(separator: " && ")
            return context == .negation ? "(\(source))" : source
        case .any(let nodes):
            let source = nodes.map { $0.source(within: .disjunction) }.joined(separator: " || ")
            return context == .negation || context == .conjunction ? "(\(source))" : source
        }
    }
}
