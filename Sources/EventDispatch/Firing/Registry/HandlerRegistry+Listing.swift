// What is registered, for those who ask: lists, explanations, and subscriptions that want to know of their handlers.

extension HandlerRegistry {
    /// Every handler that can still start, in the order of registration.
    var handlers: [RegisteredHandler] {
        let dead = underLock { owners.dead }
        if !dead.isEmpty { remove(.handlers(dead, .ownerGone)) }
        let version = lastRegistration
        return underLock { directory.tables.flatMap(\.handlers) + anyEvents.handlers }.filter {
            $0.order.registration <= version && $0.canStillStart && !$0.isExpansion
        }.sorted {
            $0.order.registration < $1.order.registration
        }
    }

    /// Every handler that can still start, described.
    var descriptions: [HandlerDescription] { listing.map { HandlerDescription($0, $1) } }

    /// Every handler that can still start, in the order of registration; with the types that it is for, if it's one of any event.
    var listing: [(handler: RegisteredHandler, selection: EventSelection?)] {
        let handlers = handlers
        return Array(zip(handlers, underLock { handlers.map(anyEvents.selection(of:)) }))
    }

    /// Whether a type of event has a handler that can still start.
    func hasHandlers(for event: any MatchableEvent.Type) -> Bool {
        containsStartable { canStillStart in
            inspect(event) { table, version in
                table.contains { $0.order.registration <= version && canStillStart($0) }
            } ?? false
        }
    }

    /// Calls a closure that looks for a handler that can still start, and removes those that it was told have lost their owners; so
    /// that nobody looks at them again.
    private func containsStartable(_ search: ((RegisteredHandler) -> Bool) -> Bool) -> Bool {
        var dead: [RegisteredHandler] = []
        let isFound = search { handler in
            if handler.canStillStart { return true }
            if handler.ownerEnd == .ownerGone { dead.append(handler) }
            return false
        }
        if !dead.isEmpty { remove(.handlers(dead, .ownerGone)) }
        return isFound
    }

    /// Calls a closure with the table of a type of event, and the last registration that is complete, while nothing changes; nil
    /// where there is no table.
    func inspect<Result>(
        _ event: any MatchableEvent.Type,
        _ body: (EventTable, _ version: UInt64) -> Result
    ) -> Result? {
        // What handlers of any event are there may have to be filed for the type first. The directory is read under the lock:
        // a fire reads it pinned, and whoever waits for fires waits for pins.
        if underLock({ directory.table(of: event) == nil }) { _ = tableOfAnyEvents(event) }
        return underLock {
            directory.table(of: event).map { body($0.takeUnretainedValue(), lastRegistration) }
        }
    }

    /// How much memory the tables take, in bytes.
    var tableByteCount: Int {
        underLock { directory.tables.reduce(0) { $0 + $1.byteCount } }
    }
}

extension HandlerRegistry: SubscriptionRegistrar {
    func waitForFiresInPlace() async { await epochs.waitForPinned() }

    func remove(_ subscription: EventSubscription) { remove(.subscription(subscription)) }

    func canStart(_ subscription: EventSubscription) -> Bool {
        containsStartable { canStillStart in underLock { subscription.handlers.contains(where: canStillStart) } }
    }

    /// The number of the first handler of a subscription that can still start; nil where there is none.
    func registration(of subscription: EventSubscription) -> UInt64? {
        underLock { subscription.handlers.handlers }.first(where: \.canStillStart)?.order.registration
    }

    func noteMuting(of subscription: EventSubscription, _ change: MuteChange) {
        let noted: Void? = self.change { _ in
            // Handlers that belong together read the flag of their subscription.
            if subscription.declaredHandlers == 1 { subscription.handlers.first?.mute(change) }
        }
        if noted == nil { postponed.withLock { $0.append(.muting(subscription, change)) } }
    }
}
