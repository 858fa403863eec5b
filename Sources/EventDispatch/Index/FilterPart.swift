/// A part of a filter that is checked as a whole: alternatives, a negated conjunction, or a closure.
///
/// A tree of objects that point at each other without counted references, which all fires would write.
final class FilterPart: @unchecked Sendable {
    // Sound: immutable; what its checks point at lives as long as the handler that has the part.

    private enum Kind { case check, satisfying, all, any }

    private let kind: Kind
    private let isNegated: Bool
    /// A check and those that belong to it.
    private let checks: UnsafeMutableBufferPointer<Check>
    private let predicate: Predicate?
    private let children: UnsafeMutableBufferPointer<Unmanaged<FilterPart>>

    private init(
        _ kind: Kind,
        isNegated: Bool = false,
        checks: [Check] = [],
        children: [FilterPart] = [],
        predicate: Predicate? = nil
    ) {
        self.kind = kind
        self.isNegated = isNegated
        self.predicate = predicate
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

    /// Parts that have to hold together.
    static func all(_ parts: [FilterPart]) -> FilterPart { FilterPart(.all, children: parts) }

    /// Parts one of which has to hold.
    static func any(_ parts: [FilterPart]) -> FilterPart { FilterPart(.any, children: parts) }

    /// Whether the part holds for an event.
    func holds(in reading: inout EventReading) -> Bool {
        switch kind {
        case .check:
            return reading.holds(checks[0], following: UnsafePointer(checks.baseAddress.map { $0 + 1 }))
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
