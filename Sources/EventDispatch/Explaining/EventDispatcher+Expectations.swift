/// What a store asks before it hands events over: which of them to fetch at all, and which to fire.
extension EventDispatcher {
    /// Whether an event matches any handler. It runs none and uses up no limit.
    package func hasMatches(for event: some MatchableEvent) -> Bool {
        // Who waits for fires to end waits for pins.
        defer { activity.noteEnd() }
        return withUnsafePointer(to: event) { !registry.handlers(matching: EventReference($0)).isEmpty }
    }
}

extension SubscriptionDeclaration {
    /// Values one of which a key has in every event that a handler of the block matches; nil where they can't be listed.
    package func expectedValues<Event: MatchableEvent, Value>(
        of key: MatchKey<Event, Value>,
        on clock: any Clock<Duration>
    ) throws(DispatchError) -> [Value]? {
        let reader = KeyReader.of(key)
        var values: [Value] = []
        for plan in try HandlerPlanner(self, on: clock).plans {
            guard let listed = plan.filter?.expectedValues(of: reader) else { return nil }
            values += listed.compactMap { $0 as? Value }
        }
        return values
    }
}

extension FilterNode {
    /// Values one of which a key has in every event that the filter holds for; nil where they can't be listed.
    fileprivate func expectedValues(of key: KeyReader) -> [Any]? {
        switch self {
        case .condition(let condition):
            return condition.key.reader === key ? condition.candidates : nil
        case .satisfying, .not:
            return nil
        case .all(let nodes):
            return nodes.lazy.compactMap { $0.expectedValues(of: key) }.first
        case .any(let nodes):
            let listed = nodes.map { $0.expectedValues(of: key) }
            return listed.contains { $0 == nil } ? nil : listed.flatMap { $0 ?? [] }
        }
    }
}
