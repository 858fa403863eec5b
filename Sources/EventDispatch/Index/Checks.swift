/// The checks of handlers, behind each other in memory. Filed handlers point into it; the handlers keep it alive.
///
/// Handlers whose checks are the same share them, so that fires find them in the processor's cache.
final class CheckProgram: Sendable {
    // Sound: nothing changes after `init`.
    private nonisolated(unsafe) let memory: UnsafeMutablePointer<Check>
    /// The parts that checks point at.
    let parts: [FilterPart]
    /// How many handlers have it. For the writer.
    nonisolated(unsafe) var users = 0

    init(_ checks: [Check], parts: [FilterPart]) {
        self.parts = parts
        isShareable = checks.allSatisfy { $0.kind != .condition && $0.kind != .part }
        memory = .allocate(capacity: checks.count + 1)
        memory.initialize(from: checks + [.end], count: checks.count + 1)
    }

    deinit { memory.deallocate() }

    /// Whether it points at nodes only, which are the same for all that name their values.
    let isShareable: Bool

    /// The checks, without the end.
    var checks: [Check] {
        var checks: [Check] = []
        var next = memory
        while next.pointee.kind != .end {
            checks.append(next.pointee)
            next += 1
        }
        return checks
    }

    /// The first check.
    var start: UnsafePointer<Check> { UnsafePointer(memory) }

    /// Calls a closure with the lookup and every node that a check names.
    func forEachNode(_ body: (Int, UnsafeMutablePointer<ValueNode>) -> Void) {
        for check in checks { check.noteNode(body) }
        for part in parts { part.forEachNode(body) }
    }
}

/// The programs of a handler: none, one, or one for each of several places. Not generic, because then its cases take no room.
enum CheckPrograms {
    case none
    case one(CheckProgram)
    case many([CheckProgram])

    mutating func append(_ program: CheckProgram) {
        switch self {
        case .none: self = .one(program)
        case .one(let first): self = .many([first, program])
        case .many(var programs):
            self = .none
            programs.append(program)
            self = .many(programs)
        }
    }

    func forEach(_ body: (CheckProgram) -> Void) {
        switch self {
        case .none: break
        case .one(let program): body(program)
        case .many(let programs): programs.forEach(body)
        }
    }
}

/// Something that has to hold for a handler that an event found, beside what it was found by.
///
/// The checks of a handler stand behind each other in memory, and end with one of the kind `end`.
struct Check: Hashable {
    enum Kind: UInt8 {
        case end
        /// The value that was looked up has the node.
        case node
        /// The value that was looked up has one of the nodes of the checks that follow.
        case oneOf
        /// Among the elements that were looked up is a node.
        case element
        /// A condition holds for a key.
        case condition
        /// A part of a filter holds.
        case part
    }

    let kind: Kind
    let isNegated: Bool
    /// The lookup or the key.
    let slot: UInt32
    /// How many checks follow that belong to this one.
    let count: UInt16
    /// The address of the node, condition or part.
    let subject: UInt

    static let end = Check(.end)

    init(_ kind: Kind, slot: Int = 0, _ subject: UnsafeRawPointer? = nil, isNegated: Bool = false, count: Int = 0) {
        self.kind = kind
        self.isNegated = isNegated
        self.slot = UInt32(slot)
        self.count = UInt16(count)
        self.subject = UInt(bitPattern: subject)
    }

    var pointer: UnsafeRawPointer { UnsafeRawPointer(bitPattern: subject).unsafelyUnwrapped }

    /// Calls a closure with the lookup and the address of the node, if the check names one.
    func noteNode(_ body: (Int, UnsafeMutablePointer<ValueNode>) -> Void) {
        guard kind == .node || kind == .element, let node = UnsafeMutablePointer<ValueNode>(bitPattern: subject) else {
            return
        }
        body(Int(slot), node)
    }
}

/// Turns parts of filters into checks.
struct CheckCompiler {
    /// The largest set whose members are looked up; a larger one is asked itself.
    private static let largestSet = 8

    /// Takes note of a key and returns its tables.
    let keyTable: (KeyReader) -> KeyTable
    private let write: TableWrite

    init(_ write: TableWrite, keyTable: @escaping (KeyReader) -> KeyTable) {
        self.write = write
        self.keyTable = keyTable
    }

    /// The checks that conjunctions come to, the cheap ones first and closures last; nil where there are none.
    func program(_ conjunctions: [AccessPlanner.Conjuncts]) -> CheckProgram? {
        var compiled: [Compiled] = []
        for conjunction in conjunctions {
            for term in conjunction.terms { compile(term, into: &compiled) }
        }
        guard !compiled.isEmpty else { return nil }
        compiled.sort { $0.cost < $1.cost }
        return CheckProgram(compiled.flatMap(\.checks), parts: compiled.compactMap(\.part))
    }

    private struct Compiled {
        let checks: [Check]
        /// 0 for a comparison of addresses, up to 3 for a closure.
        let cost: Int
        var part: FilterPart?
    }

    private func compile(_ term: FilterTerm, into compiled: inout [Compiled]) {
        switch term.form {
        case .condition(let condition):
            if let ranks = ranks(of: condition) {
                let part = FilterPart.ranks(ranks, isNegated: term.isNegated)
                return compiled.append(Compiled(checks: [check(of: part)], cost: 1, part: part))
            }
            let checks = checks(of: condition, isNegated: term.isNegated)
            compiled.append(Compiled(checks: checks, cost: checks[0].kind == .condition ? 1 : 0))
        case .all(let terms):
            for term in terms { compile(term, into: &compiled) }
        case .any, .satisfying:
            let part = part(of: term)
            compiled.append(Compiled(checks: [check(of: part)], cost: term.node.callsClosures ? 3 : 2, part: part))
        }
    }

    private func check(of part: FilterPart) -> Check {
        Check(.part, UnsafeRawPointer(Unmanaged.passUnretained(part).toOpaque()))
    }

    /// The ranks of a condition that is an interval of numbers.
    private func ranks(of condition: Condition) -> FilterPart.Ranks? {
        guard case .interval(let form) = condition.indexForm.content, let rank = form.order.rank,
            let interval = GridLane.ranks(of: form)
        else { return nil }
        return FilterPart.Ranks(key: keyTable(condition.key.reader).index, rank: rank, interval: interval)
    }

    private func part(of term: FilterTerm) -> FilterPart {
        switch term.form {
        case .condition(let condition):
            if let ranks = ranks(of: condition) {
                .ranks(ranks, isNegated: term.isNegated)
            } else {
                .check(checks(of: condition, isNegated: term.isNegated))
            }
        case .satisfying(let predicate): .satisfying(predicate, isNegated: term.isNegated)
        case .all(let terms): .all(terms.map(part))
        case .any(let terms): .any(terms.map(part))
        }
    }

    /// The checks of a condition: comparisons with what was looked up where that can be, otherwise the condition itself.
    private func checks(of condition: Condition, isNegated: Bool) -> [Check] {
        let table = keyTable(condition.key.reader)
        switch condition.indexForm.content {
        case .values(let form) where form.count <= Self.largestSet:
            return checks(condition, table.valueLane(form, write), form, .node, isNegated)
        case .object(let form):
            return checks(condition, table.objectLane(form, write), form, .node, isNegated)
        case .element(let form):
            return checks(condition, table.elementLane(form, write), form.element, .element, isNegated)
        case .none, .values, .interval, .text, .isNil:
            let subject = UnsafeRawPointer(Unmanaged.passUnretained(condition).toOpaque())
            return [Check(.condition, slot: table.index, subject, isNegated: isNegated)]
        }
    }

    private func checks(
        _ condition: Condition,
        _ lane: LookupLane,
        _ form: MemberForm,
        _ kind: Check.Kind,
        _ isNegated: Bool
    ) -> [Check] {
        if form.count > 1 { keyTable(condition.key.reader).noteSet(condition, write) }
        var members: [Check] = []
        form.forEach { value in
            let node = lane.mention(value, by: form.count == 1 ? condition : nil, write)
            members.append(Check(kind, slot: lane.lookup, node, isNegated: isNegated))
        }
        if members.count == 1 { return members }
        return [Check(.oneOf, slot: lane.lookup, isNegated: isNegated, count: members.count)] + members
    }
}

extension FilterNode {
    /// Whether to ask the filter may call users' closures.
    var callsClosures: Bool {
        switch self {
        case .condition: false
        case .satisfying: true
        case .not(let node): node.callsClosures
        case .all(let nodes), .any(let nodes): nodes.contains(where: \.callsClosures)
        }
    }
}
