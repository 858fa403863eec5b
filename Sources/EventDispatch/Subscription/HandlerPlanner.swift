/// Turns clauses into handler plans: gives each handler its phase and the filters of the blocks around it, and refuses
/// what can be known to be wrong.
struct HandlerPlanner<Event: MatchableEvent> {
    private(set) var plans: [HandlerPlan] = []
    private var last: (phase: Event.Phases, planned: PlannedPhase)?

    /// What the blocks around a clause say.
    private struct Surroundings {
        var phase = Event.Phases.main
        var options: PhaseOptions = []
        var isInPhase = false
        var filter: Filter<Event>?
        var limits: [PlannedLimit] = []

        /// The same, with the limit of a block.
        func limited(by block: ClauseDeclaration<Event>, _ subject: String) throws(DispatchError) -> Self {
            guard let limit = block.limit else { return self }
            var copy = self
            copy.limits.append(PlannedLimit(limit: try limit.limit(of: subject), isOfBlock: true))
            return copy
        }
    }

    /// Adds the handlers of an `On` block.
    mutating func add(_ clauses: [ClauseDeclaration<Event>]) throws(DispatchError) {
        try add(clauses, in: Surroundings())
    }

    private mutating func add(_ clauses: [ClauseDeclaration<Event>], in outer: Surroundings) throws(DispatchError) {
        var surroundings = outer
        surroundings.filter = try Self.filter(of: clauses, within: outer.filter)
        for clause in clauses {
            switch clause.content {
            case .filter, .anyOf: break
            case .rule(let clauses): try add(clauses, in: try surroundings.limited(by: clause, "a block"))
            case .phase(let phase, let options, let clauses):
                guard !surroundings.isInPhase else {
                    throw DispatchError(
                        code: .misplacedClause,
                        message: "phase '\(phase)' of \(Event.eventName) stands inside phase '\(surroundings.phase)'",
                        location: clause.location
                    )
                }
                var inner = try surroundings.limited(by: clause, "phase '\(phase)'")
                inner.phase = phase
                inner.options = options
                inner.isInPhase = true
                try add(clauses, in: inner)
            case .handler(let handler): plans.append(try plan(handler, in: surroundings))
            }
        }
    }

    private mutating func plan(
        _ handler: HandlerDeclaration,
        in surroundings: Surroundings
    ) throws(DispatchError) -> HandlerPlan {
        var limits = surroundings.limits
        for declaration in handler.limits {
            let limit = try declaration.limit(of: handler.label.description)
            limits.append(PlannedLimit(limit: limit, isOfBlock: false))
        }
        try Self.checkTimeout(of: handler)
        guard let phase = phase(surroundings.phase) else {
            throw DispatchError(
                code: .unlistedPhase,
                message: "phase '\(surroundings.phase)' is not among \(Event.Phases.self).allCases",
                location: handler.location
            )
        }
        return HandlerPlan(
            handler: handler,
            phase: phase,
            options: surroundings.options,
            filter: surroundings.filter?.root,
            limits: limits
        )
    }

    /// The phase, found once for all handlers of the block that stand in it.
    private mutating func phase(_ phase: Event.Phases) -> PlannedPhase? {
        if let last, last.phase == phase { return last.planned }
        let planned = PlannedPhase.of(Event.self, phase)
        if let planned { last = (phase, planned) }
        return planned
    }

    private static func checkTimeout(of handler: HandlerDeclaration) throws(DispatchError) {
        guard let timeout = handler.timeout else { return }
        guard case .asynchronous = handler.body else {
            throw DispatchError(
                code: .invalidTimeout,
                message: "\(handler.label) has a time-out, but is synchronous and can't be cancelled",
                location: timeout.location
            )
        }
        guard timeout.duration > .zero else {
            throw DispatchError(
                code: .invalidTimeout,
                message: "the time-out of \(handler.label) is \(timeout.duration); it has to be positive",
                location: timeout.location
            )
        }
    }

    /// The condition that a block puts on its handlers: its own lines and those around it.
    private static func filter(
        of clauses: [ClauseDeclaration<Event>],
        within outer: Filter<Event>?
    ) throws(DispatchError) -> Filter<Event>? {
        var filters = outer.map { [$0] } ?? []
        for clause in clauses {
            guard let filter = try filter(of: clause) else { continue }
            for other in filters { try refuse(filter.defect(beside: other), in: filter, at: clause.location) }
            filters.append(filter)
        }
        return filters.isEmpty ? nil : .all(filters)
    }

    /// The condition that a clause puts on its block, if it is one.
    private static func filter(of clause: ClauseDeclaration<Event>) throws(DispatchError) -> Filter<Event>? {
        switch clause.content {
        case .filter(let filter):
            try refuse(filter.defect, in: filter, at: clause.location)
            return filter
        case .anyOf(let alternatives):
            var filters: [Filter<Event>] = []
            for alternative in alternatives { filters.append(try condition(alternative)) }
            let filter = Filter.any(filters)
            try refuse(filter.defect, in: filter, at: clause.location)
            return filter
        case .rule, .phase, .handler:
            return nil
        }
    }

    /// A line of `AnyOf`, or of a rule in it.
    private static func condition(_ clause: ClauseDeclaration<Event>) throws(DispatchError) -> Filter<Event> {
        if let filter = try filter(of: clause) { return filter }
        guard case .rule(let lines) = clause.content, clause.limit == nil else {
            throw DispatchError(
                code: .misplacedClause,
                message: "only conditions can stand in an AnyOf, not a handler, a phase or a limit",
                location: clause.location
            )
        }
        var filters: [Filter<Event>] = []
        for line in lines { filters.append(try condition(line)) }
        return .all(filters)
    }

    private static func refuse(
        _ defect: FilterDefect?,
        in filter: Filter<Event>,
        at location: CallSite
    ) throws(DispatchError) {
        guard let defect else { return }
        throw DispatchError(
            code: defect.code,
            message: "the filter `\(filter)` of \(Event.eventName) is refused: \(defect.reason)",
            location: location
        )
    }
}
