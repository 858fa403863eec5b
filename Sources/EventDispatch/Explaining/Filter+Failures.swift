extension Filter {
    /// The condition that lines of a block put on its handlers, nil without any; refused where it can't be right, or where
    /// a line is no condition.
    package static func condition(
        _ lines: [ClauseDeclaration],
        at location: CallSite
    ) throws(DispatchError) -> Filter<Event>? {
        let probe = HandlerDeclaration(name: "", location: location, body: .synchronous { _ in .nothing })
        let block = ClauseDeclaration(
            content: .rule(lines + [ClauseDeclaration(content: .handler(probe), location: location)]),
            location: location
        )
        let plans = try HandlerPlanner(SubscriptionDeclaration(mainPhase: .main(of: Event.self), block: block)).plans
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
                    ": \\.\(condition.key.name) is \(values.source(for: condition, atMost: SourceLength.filter))"
                }
                return "\(part.source(atMost: SourceLength.filters)) does not hold\(value ?? "")"
            }
        }
    }
}
