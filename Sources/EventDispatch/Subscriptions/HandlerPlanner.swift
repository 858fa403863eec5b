/// Turns clauses into handler plans: gives each handler its phase and the filters of the blocks around it, and refuses
/// what can be known to be wrong.
struct HandlerPlanner {
    private(set) var plans: [HandlerPlan] = []
    private let event: any MatchableEvent.Type
    private let anyEvent: AnyEventPlan?
    /// The clock of the dispatcher.
    private let clock: any Clock<Duration>
    /// Changes each handler before it is planned.
    private let adapt: (inout HandlerDeclaration) -> Void

    /// The settings of the blocks around a clause.
    private struct Surroundings {
        var phase: PhaseInfo
        var options: PhaseOptions = []
        var isInPhase = false
        var filter: FilterNode?
        var limits: [PlannedLimit] = []
        var defaults = HandlerDefaults()

        /// The same, with what the modifiers of a block say.
        func inside(
            _ block: ClauseDeclaration,
            _ subject: String,
            on clock: any Clock<Duration>
        ) throws(DispatchError) -> Self {
            guard !block.settings.isEmpty else { return self }
            var copy = self
            if let limit = block.settings.limit {
                let limit = try limit.limit(of: subject, on: clock)
                copy.limits.append(PlannedLimit(limit: limit, block: LimitedBlock()))
            }
            try block.settings.defaults.timeout?.check(of: subject)
            copy.defaults = defaults.overridden(by: block.settings.defaults)
            return copy
        }
    }

    /// Plans the handlers of a block.
    init(
        _ declaration: SubscriptionDeclaration,
        on clock: any Clock<Duration>,
        adapting adapt: @escaping (inout HandlerDeclaration) -> Void = { _ in }
    ) throws(DispatchError) {
        self.clock = clock
        self.adapt = adapt
        event = declaration.mainPhase.event
        anyEvent = declaration.anyEvent
        if let selection = anyEvent?.selection, let problem = selection.problem {
            throw DispatchError(
                code: .invalidPattern,
                message: "\(selection) is refused: \(problem)",
                location: declaration.block.location
            )
        }
        if let defect = declaration.defect {
            throw DispatchError(code: .misplacedClause, message: defect, location: declaration.block.location)
        }
        var surroundings = Surroundings(phase: declaration.mainPhase)
        if let around = anyEvent?.around {
            surroundings.isInPhase = true
            if around != .afterAll { surroundings.options = .serial }
        }
        try add([declaration.block], in: surroundings)
    }

    private mutating func add(_ clauses: [ClauseDeclaration], in outer: Surroundings) throws(DispatchError) {
        var surroundings = outer
        surroundings.filter = try filter(of: clauses, within: outer.filter)
        for clause in clauses {
            switch clause.content {
            case .filter, .anyOf: break
            case .rule(let clauses):
                try add(clauses, of: clause, in: try surroundings.inside(clause, "a block", on: clock))
            case .phase(let phase, let options, let clauses):
                guard !surroundings.isInPhase else {
                    throw DispatchError(
                        code: .misplacedClause,
                        message:
                            "phase '\(phase.name)' of \(event.eventName) stands inside phase '\(surroundings.phase.name)'",
                        location: clause.location
                    )
                }
                var inner = try surroundings.inside(clause, "phase '\(phase.name)'", on: clock)
                inner.phase = phase
                inner.options = options
                inner.isInPhase = true
                try add(clauses, of: clause, in: inner)
            case .handler(let handler):
                plans.append(try plan(handler.completed(by: surroundings.defaults), in: surroundings))
            }
        }
    }

    /// Adds the clauses of a block, and refuses a time-out that none of its handlers can have.
    private mutating func add(
        _ clauses: [ClauseDeclaration],
        of block: ClauseDeclaration,
        in inner: Surroundings
    ) throws(DispatchError) {
        let first = plans.count
        try add(clauses, in: inner)
        guard let timeout = block.settings.defaults.timeout, first < plans.count,
            !plans[first...].contains(where: { $0.handler.body.isAsynchronous })
        else { return }
        throw DispatchError(
            code: .invalidTimeout,
            message: "a block has a time-out, but all of its handlers are synchronous and can't be cancelled",
            location: timeout.location
        )
    }

    private func plan(
        _ handler: HandlerDeclaration,
        in surroundings: Surroundings
    ) throws(DispatchError) -> HandlerPlan {
        var handler = handler
        adapt(&handler)
        var (duplicates, counts): ([PlannedLimit], [PlannedLimit]) = ([], [])
        for declaration in handler.limits {
            let limit = try declaration.limit(of: handler.label.description, on: clock)
            let planned = PlannedLimit(limit: limit, block: nil)
            if limit.refusesDuplicates { duplicates.append(planned) } else { counts.append(planned) }
        }
        try Self.checkTimeout(of: handler)
        guard surroundings.phase.isListed else {
            throw DispatchError(
                code: .unlistedPhase,
                message: "phase '\(surroundings.phase.name)' is not among \(surroundings.phase.typeName).allCases",
                location: handler.location
            )
        }
        return HandlerPlan(
            handler: handler,
            phase: surroundings.phase,
            options: surroundings.options,
            filter: surroundings.filter,
            limits: duplicates + surroundings.limits + counts,
            modifiers: try handler.anyModifiers?.planned(
                for: handler,
                in: surroundings.phase,
                surroundings.options,
                on: clock
            ) ?? PlannedModifiers(),
            anyEvent: anyEvent
        )
    }

    private static func checkTimeout(of handler: HandlerDeclaration) throws(DispatchError) {
        guard let timeout = handler.timeout else { return }
        guard handler.body.isAsynchronous else {
            throw DispatchError(
                code: .invalidTimeout,
                message: "\(handler.label) has a time-out, but is synchronous and can't be cancelled",
                location: timeout.location
            )
        }
        try timeout.check(of: handler.label.description)
    }

    /// The condition that a block puts on its handlers: its own lines and those around it.
    private func filter(
        of clauses: [ClauseDeclaration],
        within outer: FilterNode?
    ) throws(DispatchError) -> FilterNode? {
        var filters = outer.map { [$0] } ?? []
        var literals = ClauseLiterals()
        for clause in clauses {
            guard let filter = try filter(of: clause) else { continue }
            if filters.count == 1 { literals.add(filters[0]) }
            if !filters.isEmpty { try refuse(literals.addChecked(filter), in: filter, at: clause.location) }
            filters.append(filter)
        }
        return filters.isEmpty ? nil : .conjunction(filters)
    }

    /// The condition that a clause puts on its block, if it is one.
    private func filter(of clause: ClauseDeclaration) throws(DispatchError) -> FilterNode? {
        guard clause.isCondition else { return nil }
        let filter = try condition(clause)
        try refuse(filter.impossibility, in: filter, at: clause.location)
        return filter
    }

    /// A condition, or a line of `AnyOf`, or of a rule in it. What is meaningless is refused at its line; that something can't hold
    /// is no mistake where something else stands beside it that can.
    private func condition(_ clause: ClauseDeclaration) throws(DispatchError) -> FilterNode {
        switch clause.content {
        case .filter(let filter, let defect):
            try refuse(defect ?? filter.conditionDefect, in: filter, at: clause.location)
            return filter
        case .anyOf(let alternatives):
            return .disjunction(try conditions(alternatives))
        case .rule(let lines) where clause.settings.isEmpty:
            return .conjunction(try conditions(lines))
        case .rule, .phase, .handler:
            throw DispatchError(
                code: .misplacedClause,
                message: "only conditions can stand in an AnyOf, not a handler, a phase, or a block with modifiers",
                location: clause.location
            )
        }
    }

    private func conditions(_ clauses: [ClauseDeclaration]) throws(DispatchError) -> [FilterNode] {
        var conditions: [FilterNode] = []
        for clause in clauses { conditions.append(try condition(clause)) }
        return conditions
    }

    private func refuse(
        _ defect: FilterDefect?,
        in filter: FilterNode,
        at location: CallSite
    ) throws(DispatchError) {
        guard let defect else { return }
        throw DispatchError(
            code: defect.code,
            message:
                "the filter `\(filter.printed(atMost: PrintedLength.filter))` of \(event.eventName) is refused: \(defect.reason)",
            location: location
        )
    }
}

extension HandlerTimeout {
    /// Refuses one that no handler can have.
    fileprivate func check(of subject: String) throws(DispatchError) {
        guard duration > .zero else {
            throw DispatchError(
                code: .invalidTimeout,
                message: "the time-out of \(subject) is \(duration); it has to be positive",
                location: location
            )
        }
        guard grace >= .zero else {
            throw DispatchError(
                code: .invalidTimeout,
                message: "the grace of \(subject) is \(grace); the least is none",
                location: location
            )
        }
    }
}
