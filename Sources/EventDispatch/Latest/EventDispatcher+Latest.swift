extension EventDispatcher {
    /// Keeps the last event of each value of a key, from now on.
    ///
    /// ```swift
    /// let settings = try dispatcher.keepLatest(of: SettingChanged.self, per: \.name)
    /// ```
    ///
    /// - Parameters:
    ///   - event: the type of the events.
    ///   - key: the key that tells events apart.
    ///   - filter: which events; nil for all.
    ///   - phase: the phase in which they are noted. One that is vetoed before is not kept.
    ///   - capacity: how many values are kept; past that, the one whose event was fired least recently is forgotten.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: what is kept, until it is cancelled or nobody holds it any more.
    /// - Throws: ``DispatchError`` for a filter that can't be right, and a capacity below 1.
    @inlinable
    public func keepLatest<Event: MatchableEvent, Value: Hashable & Sendable>(
        of event: Event.Type,
        per key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        where filter: Filter<Event>? = nil,
        during phase: Event.Phases = .main,
        capacity: Int = 1_024,
        fileID: String = #fileID,
        line: Int = #line
    ) throws(DispatchError) -> LatestEvents<Event> {
        let location = CallSite(fileID: fileID, line: line)
        return try keepLatest(per: key, by: HashOperations(of: Value.self), filter, phase, capacity, location)
    }

    /// Keeps the last event of a type, from now on.
    ///
    /// - Parameters:
    ///   - event: the type of the events.
    ///   - filter: which events; nil for all.
    ///   - phase: the phase in which they are noted. One that is vetoed before is not kept.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: what is kept, until it is cancelled or nobody holds it any more.
    /// - Throws: ``DispatchError`` for a filter that can't be right.
    public func keepLatest<Event: MatchableEvent>(
        of event: Event.Type,
        where filter: Filter<Event>? = nil,
        during phase: Event.Phases = .main,
        fileID: String = #fileID,
        line: Int = #line
    ) throws(DispatchError) -> LatestEvents<Event> {
        let location = CallSite(fileID: fileID, line: line)
        return try keepLatest(per: nil, by: HashOperations(of: Bool.self), filter, phase, 1, location)
    }

    @usableFromInline
    func keepLatest<Event: MatchableEvent, Value: Hashable & Sendable>(
        per key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        by operations: HashOperations,
        _ filter: Filter<Event>?,
        _ phase: Event.Phases,
        _ capacity: Int,
        _ location: CallSite
    ) throws(DispatchError) -> LatestEvents<Event> {
        guard capacity > 0 else {
            throw DispatchError(
                code: .invalidLimit,
                message: "the capacity for the latest of \(Event.eventName) is \(capacity); the least is 1",
                location: location
            )
        }
        return try keepLatest(per: .of(MatchKey(named: key)), by: operations, filter, phase, capacity, location)
    }

    private func keepLatest<Event: MatchableEvent>(
        per key: KeyReader?,
        by operations: HashOperations,
        _ filter: Filter<Event>?,
        _ phase: Event.Phases,
        _ capacity: Int,
        _ location: CallSite
    ) throws(DispatchError) -> LatestEvents<Event> {
        let store = LatestStore<Event>(per: key, by: operations, capacity: capacity)
        let notes = LatestNotes(into: store, at: self) { body in
            On(Event.self, fileID: location.fileID, line: location.line) {
                if let filter { Where(filter, fileID: location.fileID, line: location.line) }
                Phase(phase) {
                    Handle<Event>(HandlerDeclaration(name: "", location: location, body: body, onlyWatches: true))
                }
            }
            .declaration
        }
        try notes.begin(in: registry, at: location)
        return LatestEvents(store, notes)
    }

    /// Registers handlers, and calls them with the events that are kept.
    ///
    /// ```swift
    /// let subscription = try await dispatcher.subscribe(startingWith: settings) {
    ///     On(SettingChanged.self) { Handle { change in apply(change) } }
    /// }
    /// ```
    ///
    /// When this returns, the handlers of the events' type have been called with what is kept, in the order in which that was fired: as by
    /// a fire of each event, with their filters, limits and phases, and with no other handlers. Observers see these fires. What handlers
    /// throw is for them to see. Handlers of ``OnAny`` and of other types are registered only.
    ///
    /// No handler is called with an older event of a value after a newer one, however many fires go on meanwhile: a handler that gets an
    /// event from a fire first isn't called with what was kept of the same value. While the handlers are being called with a kept event,
    /// one from a fire of the same value waits for that: it is skipped in its fire, with ``HandlerResult/SkipReason/replaying`` as reason,
    /// and then called by this; of several, the last.
    ///
    /// - Parameters:
    ///   - latest: what is kept, of this dispatcher. One that was cancelled keeps nothing.
    ///   - id: a name by which the subscription can be found and cancelled later, as with ``subscribe(id:fileID:line:_:)``.
    ///   - declarations: `On` blocks.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: the subscription, which cancels all of them.
    /// - Throws: ``DispatchError`` as ``subscribe(id:fileID:line:_:)`` does, with `.otherDispatcher` for events of another dispatcher; and
    ///   `.stopped` when there is something to call handlers with, but the dispatcher takes no events. `CancellationError` when the
    ///   calling task is cancelled before all is done. The handlers are then not registered any more.
    public nonisolated(nonsending) func subscribe<Event: MatchableEvent>(
        startingWith latest: LatestEvents<Event>,
        id: String? = nil,
        fileID: String = #fileID,
        line: Int = #line,
        @SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration]
    ) async throws -> EventSubscription {
        let location = CallSite(fileID: fileID, line: line)
        guard latest.notes.areOf(self) else {
            throw DispatchError(
                code: .otherDispatcher,
                message: "handlers can't start with the latest of \(Event.eventName): another dispatcher keeps them",
                location: location
            )
        }
        let replay = LatestReplay<Event>()
        let store = latest.store
        var plans: [HandlerPlan] = []
        for declaration in declarations() {
            let isOfEvent = declaration.anyEvent == nil && declaration.mainPhase.event == Event.self
            let planner = try HandlerPlanner(declaration, on: clock) {
                if isOfEvent { replay.guarding(&$0, in: store) }
            }
            plans += planner.plans
        }
        let subscription = EventSubscription(id: id, plans, registrar: registry)
        try latest.notes.register(plans, of: subscription, startingWith: replay, in: registry, at: location)
        do {
            try await self.replay(replay, in: store)
            try Task.checkCancellation()
        } catch {
            subscription.cancel()
            store.end(replay)
            throw error
        }
        return subscription
    }

    /// Calls handlers with events that were noted when the replay was over. What can't be fired is told to observers.
    func replayLate<Event: MatchableEvent>(_ replay: LatestReplay<Event>, in store: LatestStore<Event>) async {
        do {
            try await self.replay(replay, in: store)
        } catch {
            tellDropped(store.end(replay), reason: .stopped)
        }
    }

    /// Calls handlers with the events of a replay, until there are none left.
    private nonisolated(nonsending) func replay<Event: MatchableEvent>(
        _ replay: LatestReplay<Event>,
        in store: LatestStore<Event>
    ) async throws {
        while let claim = store.claim(for: replay) {
            try await fire(claim.event, of: replay, in: store) { !claim.leftOut.contains(ObjectIdentifier($0)) }
            while let handedOver = store.nextHandedOver(to: replay) {
                try await fire(handedOver.event, of: replay, in: store) { $0 === handedOver.handler }
            }
            try Task.checkCancellation()
        }
    }

    /// Fires an event for some handlers of a replay's subscription.
    private nonisolated(nonsending) func fire<Event: MatchableEvent>(
        _ event: Event,
        of replay: LatestReplay<Event>,
        in store: LatestStore<Event>,
        for isWanted: (RegisteredHandler) -> Bool
    ) async throws(DispatchError) {
        let copy = EventCopy(event)
        defer { withExtendedLifetime(copy) {} }
        let handlers = registry.handlers(matching: copy.reference).filter { replay.isFor($0) && isWanted($0) }
        guard !handlers.isEmpty else { return }
        let fire = Fire(copy.reference, at: self, detail: .failures, parent: .current)
        try begin(fire, #fileID, #line)
        store.begin(fire, of: replay)
        await run(fire, handlers, isolation: #isolation)
    }
}
