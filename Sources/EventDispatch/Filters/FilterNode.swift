/// A filter's syntax tree, whatever the event.
enum FilterNode: Sendable {
    case condition(Condition)
    indirect case satisfying(Predicate)
    indirect case not(FilterNode)
    case all([FilterNode])
    case any([FilterNode])

    /// A filter that holds when all of the given ones do; with none, for every event.
    static func conjunction(_ filters: [Self]) -> Self {
        filters.count == 1 ? filters[0] : .all(filters.flatMap(\.conjuncts))
    }

    /// A filter that holds when one of the given ones does; with none, for no event.
    static func disjunction(_ filters: [Self]) -> Self {
        filters.count == 1 ? filters[0] : .any(filters.flatMap(\.disjuncts))
    }

    /// Whether the filter holds for an event.
    func holds(for event: EventReference) -> Bool {
        switch self {
        case .condition(let condition): condition.holds(for: event)
        case .satisfying(let predicate): predicate.holds(for: event)
        case .not(let node): !node.holds(for: event)
        case .all(let nodes): nodes.allSatisfy { $0.holds(for: event) }
        case .any(let nodes): nodes.contains { $0.holds(for: event) }
        }
    }

    /// The parts that have to hold together.
    var conjuncts: [Self] {
        if case .all(let nodes) = self { nodes } else { [self] }
    }

    /// The parts one of which has to hold.
    var disjuncts: [Self] {
        if case .any(let nodes) = self { nodes } else { [self] }
    }

    /// The same filter with other conditions, which say the same.
    func replacing(_ substitute: (Condition) -> Condition) -> FilterNode {
        switch self {
        case .condition(let condition): .condition(substitute(condition))
        case .satisfying: self
        case .not(let node): .not(node.replacing(substitute))
        case .all(let nodes): .all(nodes.map { $0.replacing(substitute) })
        case .any(let nodes): .any(nodes.map { $0.replacing(substitute) })
        }
    }
}

/// A part of a filter, or its negation.
struct FilterTerm: Sendable {
    /// What is asked, or negated: never itself a negation.
    let node: FilterNode
    let isNegated: Bool

    init(_ node: FilterNode, isNegated: Bool = false) {
        var (node, isNegated) = (node, isNegated)
        while case .not(let negated) = node { (node, isNegated) = (negated, !isNegated) }
        (self.node, self.isNegated) = (node, isNegated)
    }

    /// What a term comes to where negations are moved inwards.
    enum Form {
        /// A condition, negated where the term is.
        case condition(Condition)
        /// A closure, negated where the term is.
        case satisfying(Predicate)
        case all([FilterTerm])
        case any([FilterTerm])
    }

    /// The term without negations around others: what is not all of some is one of their negations.
    var form: Form {
        switch node {
        case .condition(let condition): .condition(condition)
        case .satisfying(let predicate): .satisfying(predicate)
        case .not: preconditionFailure("a term is made without negations around it")
        case .all(let nodes): isNegated ? .any(terms(nodes)) : .all(terms(nodes))
        case .any(let nodes): isNegated ? .all(terms(nodes)) : .any(terms(nodes))
        }
    }

    private func terms(_ nodes: [FilterNode]) -> [FilterTerm] { nodes.map { FilterTerm($0, isNegated: isNegated) } }

    /// The condition or its negation, where the term is one.
    var literal: KeyLiteral? {
        guard case .condition(let condition) = node else { return nil }
        return KeyLiteral(condition: condition, isNegated: isNegated)
    }
}

extension FilterNode {
    /// The first condition that is meaningless by itself, even where it stands negated or beside alternatives.
    var conditionDefect: FilterDefect? {
        switch self {
        case .condition(let condition):
            condition.defect.map { defect in
                let part = printed(atMost: PrintedLength.filter)
                return FilterDefect(code: defect.code, reason: "`\(part)`: \(defect.reason)")
            }
        case .satisfying: nil
        case .not(let node): node.conditionDefect
        case .all(let nodes), .any(let nodes): nodes.firstValue(of: \.conditionDefect)
        }
    }

    /// That the filter holds for no event; nil where that is not known.
    var impossibility: FilterDefect? {
        var reason = PrintedText(atMost: PrintedLength.filters)
        return FilterTerm(self).isImpossible(because: &reason) ? .neverMatches(reason.result) : nil
    }
}

extension FilterDefect {
    static func neverMatches(_ explanation: String) -> FilterDefect {
        FilterDefect(code: .neverMatches, reason: "it can never match: \(explanation)")
    }
}

extension FilterTerm {
    /// Whether it is known that the term holds for no event. Writes why, or anything where it is not.
    fileprivate func isImpossible(because reason: inout PrintedText) -> Bool {
        switch form {
        case .condition(let condition) where !isNegated && condition.isImpossible:
            reason.append(
                quoted: KeyLiteral(condition: condition, isNegated: false),
                "in ",
                " there is nothing to be in"
            )
            return true
        case .condition, .satisfying:
            return false
        case .all(let terms):
            for term in terms {
                var longer = reason
                guard term.isImpossible(because: &longer) else { continue }
                reason = longer
                return true
            }
            return Self.isExclusion(among: terms.compactMap(\.literal), because: &reason)
        case .any(let terms):
            if terms.isEmpty { reason.append("there are no alternatives") }
            for (index, term) in terms.enumerated() {
                if index > 0 { reason.append("; ") }
                guard term.isImpossible(because: &reason) else { return false }
            }
            return true
        }
    }

    /// Whether it is known of conditions that have to hold together that they leave no value for some key.
    private static func isExclusion(among literals: [KeyLiteral], because reason: inout PrintedText) -> Bool {
        guard literals.count > 1 else { return false }
        let byKeys = Dictionary(grouping: literals) { ObjectIdentifier($0.condition.key.reader) }.values
        for ofOneKey in byKeys where ofOneKey.count > 1 {
            if isExclusion(of: ofOneKey, because: &reason) { return true }
        }
        return false
    }

    /// Why conditions on one key that have to hold together leave no value for it; nil where that is not known.
    static func exclusion(of literals: [KeyLiteral]) -> String? {
        var reason = PrintedText(atMost: PrintedLength.filters)
        return isExclusion(of: literals, because: &reason) ? reason.result : nil
    }

    private static func isExclusion(of literals: [KeyLiteral], because reason: inout PrintedText) -> Bool {
        let isExcluded = literals.indices.contains { index in
            guard !literals[index].isNegated else { return false }
            var others = literals
            others.remove(at: index)
            return literals[index].condition.excludes(others)
        }
        guard isExcluded else { return false }
        reason.append(literals, separator: " and ") { $1.append(quoted: $0) }
        reason.append(" exclude each other")
        return true
    }
}

extension PrintedText {
    /// Adds a condition between other words.
    fileprivate mutating func append(quoted literal: KeyLiteral, _ before: String = "", _ after: String = "") {
        append("\(before)`")
        append(printed(atMost: min(room, PrintedLength.filter), literal.write))
        append("`\(after)")
    }
}

extension Sequence {
    /// The first value that a closure has for an element. It is called once for each up to there, unlike by `lazy.compactMap`, which
    /// calls it again for that element: users' `==` may say another thing then.
    fileprivate func firstValue<Value>(of value: (Element) -> Value?) -> Value? {
        for element in self {
            if let value = value(element) { return value }
        }
        return nil
    }
}

/// Why a filter is refused at registration.
@usableFromInline
struct FilterDefect: Sendable {
    /// The kind of mistake.
    let code: DispatchError.Code
    /// The mistake, as the end of a sentence.
    let reason: String

    static let notANumber = FilterDefect(
        code: .notANumber,
        reason: "it compares with a value that does not equal itself"
    )

    static func nestedTooDeep(_ maximumDepth: Int) -> FilterDefect {
        FilterDefect(
            code: .filterTooDeep,
            reason:
                "its negations, conjunctions and alternatives stand more than \(maximumDepth) deep inside each other"
        )
    }

    static func blocksTooDeep(_ maximumDepth: Int) -> FilterDefect {
        FilterDefect(code: .filterTooDeep, reason: "blocks stand more than \(maximumDepth) deep inside each other")
    }
}
