/// A part of a filter, or its negation, that an event does not fulfil. Equal for handlers that ask the same of an event, even where
/// each has it from a declaration of its own; closures all count as the same.
struct FailedPart: Hashable {
    private let node: FilterNode
    private let isNegated: Bool
    /// Computed once, because it takes users' `hash`.
    private let hash: Int

    init(_ part: AccessPlanner.Part) {
        node = part.node
        isNegated = part.isNegated
        var hasher = Hasher()
        Self.hash(node, into: &hasher)
        hash = hasher.finalize()
    }

    /// The part as Swift source, cut where it is longer than a number of Unicode scalars.
    func source(atMost length: Int) -> String {
        (isNegated ? FilterNode.not(node) : node).source(atMost: length)
    }

    /// A condition of the part, where all of its conditions are on one key.
    var onlyCondition: Condition? {
        let conditions = node.conditions
        guard let first = conditions.first else { return nil }
        return conditions.allSatisfy { $0.key.source === first.key.source } ? first : nil
    }

    static func == (left: Self, right: Self) -> Bool {
        left.hash == right.hash && left.isNegated == right.isNegated && isSame(left.node, right.node)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(hash)
        hasher.combine(isNegated)
    }

    private static func isSame(_ left: FilterNode, _ right: FilterNode) -> Bool {
        switch (left, right) {
        case (.condition(let left), .condition(let right)): left.isSame(as: right)
        case (.satisfying, .satisfying): true
        case (.not(let left), .not(let right)): isSame(left, right)
        case (.all(let left), .all(let right)), (.any(let left), .any(let right)):
            left.count == right.count && zip(left, right).allSatisfy(isSame)
        case (.condition, _), (.satisfying, _), (.not, _), (.all, _), (.any, _): false
        }
    }

    private static func hash(_ node: FilterNode, into hasher: inout Hasher) {
        switch node {
        case .condition(let condition):
            hasher.combine(ObjectIdentifier(condition.key.source))
            hasher.combine(condition.testIdentity)
        case .satisfying: hasher.combine(0)
        case .not(let node):
            hasher.combine(1)
            hash(node, into: &hasher)
        case .all(let nodes), .any(let nodes):
            hasher.combine(nodes.count)
            for node in nodes { hash(node, into: &hasher) }
        }
    }
}

extension FilterNode {
    /// The conditions on keys, in the order in which they are written.
    var conditions: [Condition] {
        var conditions: [Condition] = []
        forEachCondition { conditions.append($0) }
        return conditions
    }

    /// Calls a closure with each condition on a key.
    func forEachCondition(_ body: (Condition) -> Void) {
        switch self {
        case .condition(let condition): body(condition)
        case .satisfying: break
        case .not(let node): node.forEachCondition(body)
        case .all(let nodes), .any(let nodes): for node in nodes { node.forEachCondition(body) }
        }
    }
}
