/// Explains what an event meets in the tables.
///
/// Runs users' code, and so not under the registry's lock: getters of keys, `==`, `hash` and `<` of values, descriptions of values,
/// and closures in filters.
struct MatchExplainer {
    private static let mostScannedNamed = 5

    private let event: EventReference
    private let explained: ExplainedEvent
    /// The event as handlers of any event receive it, by what it is wrapped as.
    private var wrapped: [ObjectIdentifier: ExplainedEvent] = [:]
    private var explanation: MatchExplanation

    init(_ event: EventReference, isOfOneSubscription: Bool) {
        self.event = event
        explained = ExplainedEvent(event)
        explanation = MatchExplanation(event: event.eventType.eventName, isOfOneSubscription: isOfOneSubscription)
    }

    /// Explains what becomes of handlers.
    ///
    /// - Parameters:
    ///   - candidates: how many handlers each lane has for the event.
    ///   - matches: the handlers that the tables have for the event, in dispatch order; nil to ask each filter itself.
    mutating func explain(
        _ snapshot: TableSnapshot,
        candidates: [ObjectIdentifier: Int],
        matches: [RegisteredHandler]?
    ) {
        explanation.handlers = snapshot.handlers.count
        explanation.unfiltered = snapshot.handlers.count(where: takesEveryEvent)
        explanation.keys = keys(of: snapshot, candidates)
        let scanned = snapshot.scanned.filter { !takesEveryEvent($0) }
        explanation.scanned = ScannedHandlers(
            count: scanned.count,
            examples: scanned.prefix(Self.mostScannedNamed).map { handler in
                let filter = handler.filter?.printed(atMost: PrintedLength.filter) ?? ""
                return ScannedHandlers.Example(handler: handler.label, filter: filter)
            }
        )
        sort(snapshot, matches)
    }

    /// Notes handlers of the subscription that are not in the tables.
    mutating func note(_ reason: MatchObstacle.Reason, removed count: Int) {
        guard count > 0 else { return }
        explanation.obstacles.append(MatchObstacle(reason: reason, handlers: count, first: nil))
    }

    consuming func end() -> MatchExplanation { explanation }

    // MARK: Handlers

    /// Whether a handler has no filter, of its own or of the events of this type.
    private func takesEveryEvent(_ handler: RegisteredHandler) -> Bool {
        guard let filter = handler.filter else { return true }
        guard let wrapped = filter.wrapped else { return false }
        return wrapped.filter == nil && !wrapped.selectsEvents && wrapped.takes(event)
    }

    private mutating func sort(_ snapshot: TableSnapshot, _ matches: [RegisteredHandler]?) {
        let found = matches.map { Set($0.map { ObjectIdentifier($0) }) }
        var tally = ObstacleTally()
        var matched: [RegisteredHandler] = []
        for handler in snapshot.handlers {
            let received = received(by: handler)
            let isFound = found?.contains(ObjectIdentifier(handler))
            if let cause = obstacle(to: handler, received, at: snapshot.version, isFound: isFound) {
                tally.note(cause, of: handler, received)
                noteFailures(cause, of: handler, received)
            } else {
                matched.append(handler)
            }
        }
        matched.sort { $0.order < $1.order }
        explanation.matched = matched.map { handler in
            MatchedHandler(handler, filter: handler.declaredFilter?.printed(atMost: PrintedLength.filter))
        }
        tally.tell(&explanation)
    }

    /// The event as a handler receives it.
    private mutating func received(by handler: RegisteredHandler) -> ExplainedEvent {
        guard let filter = handler.filter?.wrapped, filter.takes(event) else { return explained }
        let copy = filter.copyWrapped(event)
        let type = ObjectIdentifier(copy.reference.eventType)
        if let known = wrapped[type] { return known }
        let new = ExplainedEvent(copy.reference, keptBy: copy)
        wrapped[type] = new
        return new
    }

    /// The reason why a handler would not run; nil when it would.
    private func obstacle(
        to handler: RegisteredHandler,
        _ received: ExplainedEvent,
        at version: UInt64,
        isFound: Bool?
    ) -> ObstacleTally.Cause? {
        if !handler.canStart(at: version) {
            if handler.isHalted { return .other(handler.subscription.isCancelled ? .cancelled : .muted) }
            switch handler.ownerEnd {
            case .ownerGone: return .other(.ownerGone)
            case .cancelled: return .other(.cancelled)
            case .usedUp, nil: return .other(.limit)
            }
        }
        if let filter = handler.filter, isFound != true {
            if let wrapped = filter.wrapped, !wrapped.takes(event) { return .requirement(wrapped.requirement) }
            let declared = handler.declaredFilter
            if let failure = declared.flatMap({ received.failure(of: $0, isKnownToFail: isFound == false) }) {
                return .condition(failure)
            }
            // Nothing failed, but the tables say that something did: a closure or a key changed its mind.
            if isFound == false { return .condition(FailedPart(FilterTerm(declared ?? filter))) }
        }
        guard let limit = handler.limits.first(where: { !$0.limit.hasStart(for: event) }) else { return nil }
        return .other(limit.limit.refusesDuplicates ? .duplicate : .limit)
    }

    private mutating func noteFailures(
        _ cause: ObstacleTally.Cause,
        of handler: RegisteredHandler,
        _ received: ExplainedEvent
    ) {
        guard explanation.isOfOneSubscription else { return }
        let failures: Int
        switch cause {
        case .condition: failures = handler.declaredFilter.map(received.failureCount) ?? 1
        case .requirement: failures = 1
        case .other: return
        }
        explanation.fewestFailures = min(explanation.fewestFailures ?? .max, failures)
    }

    // MARK: Keys

    private func keys(of snapshot: TableSnapshot, _ candidates: [ObjectIdentifier: Int]) -> [KeyLookup] {
        let conditions = firstConditions(of: snapshot.handlers)
        return snapshot.keys.compactMap { key in
            guard let condition = conditions[ObjectIdentifier(key.reader)] else { return nil }
            return KeyLookup(
                key: condition.key.name,
                value: explained.values.printed(for: condition, atMost: PrintedLength.value),
                tables: key.lanes.map { figures in
                    TableLookup(
                        table: figures.lane.name,
                        values: figures.values,
                        entries: figures.entries,
                        candidates: candidates[ObjectIdentifier(figures.lane)] ?? 0
                    )
                }
            )
        }
    }

    /// For each key that filters name, a condition on it.
    private func firstConditions(of handlers: [RegisteredHandler]) -> [ObjectIdentifier: Condition] {
        var conditions: [ObjectIdentifier: Condition] = [:]
        for handler in handlers {
            handler.filter?.forEachCondition { condition in
                let key = ObjectIdentifier(condition.key.reader)
                if conditions[key] == nil { conditions[key] = condition }
            }
        }
        return conditions
    }
}

extension FilterNode {
    /// The filter of a handler of any event; nil for that of another handler.
    fileprivate var wrapped: WrappedFilter? {
        if case .satisfying(let predicate) = self { predicate.wrapped } else { nil }
    }
}

extension RegisteredHandler {
    /// The filter that the handler was declared with: for a handler of any event, a filter of what it receives.
    fileprivate var declaredFilter: FilterNode? {
        if let wrapped = filter?.wrapped { wrapped.filter } else { filter }
    }
}
