/// A part of a filter that is checked as a whole: alternatives, a negated conjunction, or a closure.
///
/// A tree of objects that point at each other without counted references, which all fires would write.
final class FilterPart: @unchecked Sendable {
    // Sound: immutable; what its checks point at lives as long as the handler that has the part.

    private enum Kind { case check, satisfying, ranks, all, any }

    private let kind: Kind
    private let isNegated: Bool
    /// A check and those that belong to it.
    private let checks: UnsafeMutableBufferPointer<Check>
    private let predicate: Predicate?
    private let ranks: Ranks?
    private let children: UnsafeMutableBufferPointer<Unmanaged<FilterPart>>

    private init(
        _ kind: Kind,
        isNegated: Bool = false,
        checks: [Check] = [],
        children: [FilterPart] = [],
        predicate: Predicate? = nil,
        ranks: Ranks? = nil
    ) {
        self.kind = kind
        self.isNegated = isNegated
        self.predicate = predicate
        self.ranks = ranks
        self.checks = .allocate(capacity: checks.count)
        _ = self.checks.initialize(from: checks)
        self.children = .allocate(capacity: children.count)
        _ = self.children.initialize(from: children.map { Unmanaged.passRetained($0) })
    }

    deinit {
        for child in children { child.release() }
        children.deallocate()
        checks.deallocate()
    }

    /// A check and those that belong to it.
    static func check(_ checks: [Check]) -> FilterPart { FilterPart(.check, checks: checks) }

    /// A closure.
    static func satisfying(_ predicate: Predicate, isNegated: Bool) -> FilterPart {
        FilterPart(.satisfying, isNegated: isNegated, predicate: predicate)
    }

    /// The interval of numbers that the value of a key has to lie in, by their ranks: the condition itself would be asked in code that does
    /// not know the type.
    struct Ranks {
        let key: Int
        let rank: (UnsafeRawPointer) -> UInt64?
        let interval: ClosedRange<UInt64>
    }

    /// An interval of numbers.
    static func ranks(_ ranks: Ranks, isNegated: Bool) -> FilterPart {
        FilterPart(.ranks, isNegated: isNegated, ranks: ranks)
    }

    /// Parts that have to hold together.
    static func all(_ parts: [FilterPart]) -> FilterPart { FilterPart(.all, children: parts) }

    /// Parts one of which has to hold.
    static func any(_ parts: [FilterPart]) -> FilterPart { FilterPart(.any, children: parts) }

    /// Whether the part holds for an event.
    func holds(in reading: inout EventReading) -> Bool {
        switch kind {
        case .check:
            return reading.holds(checks[0], following: UnsafePointer(checks.baseAddress.map { $0 + 1 }))
        case .ranks:
            guard let ranks else { return false }
            let rank = ranks.rank(reading.value(of: ranks.key))
            return (rank.map { ranks.interval.contains($0) } ?? false) != isNegated
        case .satisfying: return predicate?.holds(for: reading.event) != isNegated
        case .all:
            for child in children where !child._withUnsafeGuaranteedRef({ $0.holds(in: &reading) }) { return false }
            return true
        case .any:
            for child in children where child._withUnsafeGuaranteedRef({ $0.holds(in: &reading) }) { return true }
            return false
        }
    }

    /// Calls a closure with the lookup and every node that a check names.
    func forEachNode(_ body: (Int, UnsafeMutablePointer<ValueNode>) -> Void) {
        for check in checks { check.noteNode(body) }
        for child in children { child._withUnsafeGuaranteedRef { $0.forEachNode(body) } }
    }
}

/// Decides what a handler is filed under.
///
/// Of conditions that all have to hold, it is filed under the one that the fewest others name so far, and the rest is checked
/// when an event finds it there. Of alternatives, it is filed under each; where one of them can't be indexed, none helps.
/// So a filter is never multiplied out: there are at most as many places as conditions.
struct AccessPlanner {
    /// A place, and what is to be checked there.
    struct Access {
        let condition: Condition
        /// How the condition is found, which is made once.
        let form: IndexForm.Content
        /// The rest of the conjunctions that the condition stands in.
        var rest: [Conjuncts] = []
    }

    /// Parts of a filter all of which have to hold. Shared by the places that need them.
    final class Conjuncts {
        let terms: [FilterTerm]

        init(_ terms: [FilterTerm]) { self.terms = terms }
    }

    /// About how many others would be found in the place of a condition with a form; nil for one that can't be indexed.
    let cost: (Condition, IndexForm.Content) -> Int?

    /// Where to file a handler; nil when that needs something to be indexed that can't be.
    func accesses(to filter: FilterNode) -> [Access]? {
        accesses(to: FilterTerm(filter))?.accesses
    }

    private func accesses(to term: FilterTerm) -> (accesses: [Access], cost: Int)? {
        switch term.form {
        case .condition(let condition):
            guard !term.isNegated else { return nil }
            let form = condition.indexForm.content
            return cost(condition, form).map { ([Access(condition: condition, form: form)], $0) }
        case .satisfying:
            return nil
        case .all(let terms):
            return cheapest(of: terms)
        case .any(let terms):
            var union: (accesses: [Access], cost: Int) = ([], 0)
            for term in terms {
                guard let next = accesses(to: term) else { return nil }
                union.accesses += next.accesses
                union.cost += next.cost
            }
            return union
        }
    }

    private func cheapest(of terms: [FilterTerm]) -> (accesses: [Access], cost: Int)? {
        var best: (accesses: [Access], cost: Int)?
        var index = 0
        for (position, term) in terms.enumerated() {
            guard let next = accesses(to: term), next.cost < best?.cost ?? .max else { continue }
            best = next
            index = position
        }
        guard var best, terms.count > 1 else { return best }
        var others = terms
        others.remove(at: index)
        let rest = Conjuncts(others)
        for access in best.accesses.indices { best.accesses[access].rest.append(rest) }
        return best
    }
}
