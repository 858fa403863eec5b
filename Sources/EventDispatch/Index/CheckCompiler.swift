/// Turns parts of filters into checks.
struct CheckCompiler {
    /// The largest set whose members are looked up; a larger one is asked itself.
    private static let largestSet = 8

    /// Takes note of a key and returns its tables.
    let keyTable: (KeySource) -> KeyTable
    private let garbage: Garbage

    init(_ garbage: Garbage, keyTable: @escaping (KeySource) -> KeyTable) {
        self.garbage = garbage
        self.keyTable = keyTable
    }

    /// The checks that conjunctions come to, the cheap ones first and closures last; nil where there are none.
    func program(_ conjunctions: [AccessPlanner.Conjuncts]) -> CheckProgram? {
        var compiled: [Compiled] = []
        for conjunction in conjunctions {
            for part in conjunction.parts { compile(part, into: &compiled) }
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

    private func compile(_ part: AccessPlanner.Part, into compiled: inout [Compiled]) {
        switch (part.node, part.isNegated) {
        case (.condition(let condition), let isNegated):
            let checks = checks(of: condition, isNegated: isNegated)
            compiled.append(Compiled(checks: checks, cost: checks[0].kind == .condition ? 1 : 0))
        case (.not(let node), let isNegated):
            compile(AccessPlanner.Part(node: node, isNegated: !isNegated), into: &compiled)
        case (.all(let nodes), false), (.any(let nodes), true):
            for node in nodes { compile(AccessPlanner.Part(node: node, isNegated: part.isNegated), into: &compiled) }
        case (.any, false), (.all, true), (.satisfying, _):
            let filterPart = filterPart(of: part)
            let check = Check(.part, UnsafeRawPointer(Unmanaged.passUnretained(filterPart).toOpaque()))
            compiled.append(Compiled(checks: [check], cost: part.node.callsClosures ? 3 : 2, part: filterPart))
        }
    }

    private func filterPart(of part: AccessPlanner.Part) -> FilterPart {
        switch (part.node, part.isNegated) {
        case (.condition(let condition), let isNegated): .check(checks(of: condition, isNegated: isNegated))
        case (.satisfying(let predicate), let isNegated): .satisfying(predicate, isNegated: isNegated)
        case (.not(let node), let isNegated): filterPart(of: AccessPlanner.Part(node: node, isNegated: !isNegated))
        case (.all(let nodes), false), (.any(let nodes), true): .all(filterParts(of: nodes, part.isNegated))
        case (.any(let nodes), false), (.all(let nodes), true): .any(filterParts(of: nodes, part.isNegated))
        }
    }

    private func filterParts(of nodes: [FilterNode], _ isNegated: Bool) -> [FilterPart] {
        nodes.map { filterPart(of: AccessPlanner.Part(node: $0, isNegated: isNegated)) }
    }

    /// The checks of a condition: comparisons with what was looked up where that can be, otherwise the condition itself.
    private func checks(of condition: Condition, isNegated: Bool) -> [Check] {
        let table = keyTable(condition.key.source)
        switch condition.indexForm.content {
        case .values(let form) where form.count <= Self.largestSet:
            return checks(condition, table.valueLane(form, garbage), form, .node, isNegated)
        case .object(let form):
            return checks(condition, table.objectLane(form, garbage), form, .node, isNegated)
        case .element(let form):
            return checks(condition, table.elementLane(form, garbage), form.element, .element, isNegated)
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
        var members: [Check] = []
        form.forEach { value in
            let node = lane.mention(value, by: form.count == 1 ? condition : nil, garbage)
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
