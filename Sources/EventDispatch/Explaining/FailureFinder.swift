/// Finds out what an event lacks to fulfil a filter.
struct FailureFinder {
    let event: EventReference
    let values: KeyValues

    /// The first part that does not hold: of parts that have to hold together, those without closures are tried first, so that a
    /// closure is only asked when all that keys can say holds; alternatives fail as a whole. Nil when the filter holds.
    ///
    /// Of a filter that is known not to hold, a closure is not asked when nothing but it can be what failed.
    func failure(of filter: FilterNode, isKnownToFail: Bool) -> FilterTerm? {
        failure(of: FilterTerm(filter), isKnownToFail)
    }

    /// Of parts that have to hold together, how many don't, for a filter that does not hold. Closures count only when nothing else
    /// fails; alternatives count as one.
    func failureCount(of filter: FilterNode) -> Int { max(1, failureCount(of: FilterTerm(filter))) }

    private func failure(of term: FilterTerm, _ isKnownToFail: Bool) -> FilterTerm? {
        switch term.form {
        case .condition(let condition):
            return values.holds(condition) == term.isNegated ? term : nil
        case .satisfying(let predicate):
            return isKnownToFail || predicate.holds(for: event) == term.isNegated ? term : nil
        case .all(let terms):
            return failure(amongAll: terms, isKnownToFail)
        case .any(let terms):
            if terms.count == 1 { return failure(of: terms[0], isKnownToFail) }
            return isKnownToFail || terms.allSatisfy { failure(of: $0, false) != nil } ? term : nil
        }
    }

    private func failure(amongAll terms: [FilterTerm], _ isKnownToFail: Bool) -> FilterTerm? {
        let closures = terms.count { $0.node.callsClosures }
        for term in terms where closures == 0 || !term.node.callsClosures {
            if let failure = failure(of: term, false) { return failure }
        }
        guard closures > 0 else { return nil }
        var left = closures
        for term in terms where term.node.callsClosures {
            left -= 1
            if let failure = failure(of: term, isKnownToFail && left == 0) { return failure }
        }
        return nil
    }

    private func failureCount(of term: FilterTerm) -> Int {
        switch term.form {
        case .all(let terms): terms.reduce(0) { $0 + failureCount(of: $1) }
        case .condition, .satisfying, .any: term.node.callsClosures || failure(of: term, false) == nil ? 0 : 1
        }
    }
}

/// A term of a filter that an event does not fulfil. Equal for handlers that ask the same of an event, even where
/// each has it from a declaration of its own; closures all count as the same.
struct FailedPart: Hashable {
    private let term: FilterTerm
    /// Computed once, because it takes users' `hash`.
    private let hash: Int

    init(_ term: FilterTerm) {
        self.term = term
        var hasher = Hasher()
        Self.hash(term.node, into: &hasher)
        hash = hasher.finalize()
    }

    /// The part as Swift source, cut where it is longer than a number of Unicode scalars.
    func printed(atMost length: Int) -> String {
        (term.isNegated ? FilterNode.not(term.node) : term.node).printed(atMost: length)
    }

    /// A condition of the part, where all of its conditions are on one key.
    var onlyCondition: Condition? {
        let conditions = term.node.conditions
        guard let first = conditions.first else { return nil }
        return conditions.allSatisfy { $0.key.reader === first.key.reader } ? first : nil
    }

    static func == (left: Self, right: Self) -> Bool {
        left.hash == right.hash && left.term.isNegated == right.term.isNegated
            && isSame(left.term.node, right.term.node)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(hash)
        hasher.combine(term.isNegated)
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
            hasher.combine(ObjectIdentifier(condition.key.reader))
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

/// The values that one event has for match keys, each read once.
final class KeyValues {
    private let event: EventReference
    private var values: [ObjectIdentifier: UnsafeRawPointer] = [:]
    private var copies: [(key: KeyReader, value: UnsafeMutableRawPointer)] = []

    init(_ event: EventReference) { self.event = event }

    deinit {
        for (key, value) in copies {
            key.layout.destroy(value)
            value.deallocate()
        }
    }

    /// Whether a condition holds for the event.
    func holds(_ condition: Condition) -> Bool {
        withExtendedLifetime(self) { condition.holds(at: value(of: condition.key.reader)) }
    }

    /// The value of a condition's key as Swift source, cut where it is longer than a number of Unicode scalars.
    func printed(for condition: Condition, atMost length: Int) -> String {
        withExtendedLifetime(self) {
            EventDispatch.printed(atMost: length) { output in
                condition.writeValue(at: value(of: condition.key.reader), to: &output)
            }
        }
    }

    private func value(of key: KeyReader) -> UnsafeRawPointer {
        if let place = key.place(in: event) { return place }
        if let known = values[ObjectIdentifier(key)] { return known }
        let copy = key.layout.allocate()
        key.read(event, into: copy)
        copies.append((key, copy))
        values[ObjectIdentifier(key)] = UnsafeRawPointer(copy)
        return UnsafeRawPointer(copy)
    }
}

extension Filter {
    /// The condition that lines of a block put on its handlers, nil without any; refused where it can't be right, or where
    /// a line is no condition.
    package static func condition(
        _ lines: [ClauseDeclaration],
        at location: CallSite
    ) throws(DispatchError) -> Filter<Event>? {
        let probe = HandlerDeclaration(name: "", location: location, body: .synchronous(InPlaceBody { _ in .nothing }))
        let block = ClauseDeclaration(
            content: .rule(lines + [ClauseDeclaration(content: .handler(probe), location: location)]),
            location: location
        )
        let declaration = SubscriptionDeclaration(mainPhase: .main(of: Event.self), block: block)
        let plans = try HandlerPlanner(declaration, on: .continuous).plans
        guard plans.count == 1, lines.allSatisfy(\.isCondition) else {
            throw DispatchError(
                code: .misplacedClause,
                message:
                    "only conditions can stand in an expectation: Where and AnyOf, not a handler, a phase or a rule",
                location: location
            )
        }
        return plans[0].filter.map { Filter($0) }
    }

    /// The parts of the filter that do not hold for an event, each with the key's value where it is of one key.
    package func failures(for event: Event) -> [String] {
        withUnsafePointer(to: event) { pointer in
            let event = EventReference(pointer)
            let values = KeyValues(event)
            let finder = FailureFinder(event: event, values: values)
            return root.conjuncts.compactMap { finder.failure(of: $0, isKnownToFail: false) }.map { part in
                let part = FailedPart(part)
                let value = part.onlyCondition.map { condition in
                    ": \\.\(condition.key.name) is \(values.printed(for: condition, atMost: PrintedLength.filter))"
                }
                return "\(part.printed(atMost: PrintedLength.filters)) does not hold\(value ?? "")"
            }
        }
    }
}
