/// Explains what an event meets in the tables.
///
/// Runs users' code, and so not under the registry's lock: getters of keys, `==`, `hash` and `<` of values, descriptions of values,
/// and closures in filters.
struct MatchExplainer {
    private static let mostScannedNamed = 5

    private let event: EventReference
    private let values: KeyValues
    private let finder: FailureFinder
    private var explanation: MatchExplanation

    init(_ event: EventReference, isOfOneSubscription: Bool) {
        self.event = event
        values = KeyValues(event)
        finder = FailureFinder(event: event, values: values)
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
        explanation.unfiltered = snapshot.handlers.count { $0.filter == nil }
        explanation.keys = keys(of: snapshot, candidates)
        explanation.scanned = ScannedHandlers(
            count: snapshot.scanned.count,
            examples: snapshot.scanned.prefix(Self.mostScannedNamed).map { handler in
                ScannedHandlers.Example(handler: handler.label, filter: filterSource(of: handler) ?? "")
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

    private mutating func sort(_ snapshot: TableSnapshot, _ matches: [RegisteredHandler]?) {
        let found = matches.map { Set($0.map { ObjectIdentifier($0) }) }
        var tally = ObstacleTally()
        var matched: [RegisteredHandler] = []
        for handler in snapshot.handlers {
            let isFound = found?.contains(ObjectIdentifier(handler))
            if let cause = obstacle(to: handler, at: snapshot.version, isFound: isFound) {
                tally.note(cause, of: handler)
                noteFailures(cause, of: handler)
            } else {
                matched.append(handler)
            }
        }
        matched.sort { $0.order < $1.order }
        explanation.matched = matched.map { MatchedHandler($0, filter: filterSource(of: $0)) }
        tally.tell(&explanation, values)
    }

    /// What keeps a handler from running; nil when it would run.
    private func obstacle(
        to handler: RegisteredHandler,
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
            var failure = finder.failure(of: filter, isKnownToFail: isFound == false)
            // Nothing failed, but the tables say that something did: a closure or a key changed its mind.
            if isFound == false, failure == nil { failure = AccessPlanner.Part(node: filter, isNegated: false) }
            if let failure { return .condition(FailedPart(failure)) }
        }
        return handler.limits.allSatisfy { $0.limit.hasStart(for: event) } ? nil : .other(.limit)
    }

    private mutating func noteFailures(_ cause: ObstacleTally.Cause, of handler: RegisteredHandler) {
        guard explanation.isOfOneSubscription, case .condition = cause, let filter = handler.filter else { return }
        explanation.fewestFailures = min(explanation.fewestFailures ?? .max, finder.failureCount(of: filter))
    }

    private func filterSource(of handler: RegisteredHandler) -> String? {
        handler.filter.map { shortSource($0.description, SourceLength.filter) }
    }

    // MARK: Keys

    private func keys(of snapshot: TableSnapshot, _ candidates: [ObjectIdentifier: Int]) -> [KeyLookup] {
        let conditions = firstConditions(of: snapshot.handlers)
        return snapshot.keys.compactMap { key in
            guard let condition = conditions[ObjectIdentifier(key.source)] else { return nil }
            return KeyLookup(
                key: condition.key.name,
                value: shortSource(values.source(for: condition), SourceLength.value),
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
                let key = ObjectIdentifier(condition.key.source)
                if conditions[key] == nil { conditions[key] = condition }
            }
        }
        return conditions
    }
}
