import Synchronization

/// What a dispatcher has registered.
///
/// Registrations and removals are serialised by a lock. Fires take none: they read tables that change under them, and find in
/// them all that was registered when they began, and nothing that was registered later.
///
/// Under the lock runs, of users' code, only the `==`, `hash` and `<` of values that filters name. What is removed is freed
/// after it, by the epochs; owners are asked outside it.
final class HandlerRegistry: @unchecked Sendable {
    // Sound: `registrations` and `owners` are only touched under the lock; the tables say for themselves.

    /// How many owners of `weak:` handlers a fire or a registration asks whether they live.
    private static let ownersAskedAtOnce = 16

    let epochs = Epochs()
    /// The last registration that fires are to see.
    private let version = Atomic<UInt64>(0)
    private let directory = TableDirectory()

    private let lock = ReentryLock()
    private var registrations: UInt64 = 0
    private var owners = OwnerList()
    /// Whether there are owners, for fires.
    private let hasOwners = Atomic(false)
    /// Removals from inside the lock, to be done when it is free.
    private let postponed = Mutex<[Removal]>([])

    deinit {
        for table in directory.tables { table.forgetHandlers() }
    }

    // MARK: Fires

    /// Calls a closure with the handlers that an event matches, in dispatch order. The caller has pinned the epochs, and keeps
    /// the handlers alive by it.
    @inline(__always)
    func withMatches<Result>(
        _ event: EventReference,
        _ body: (UnsafeMutableBufferPointer<Unmanaged<RegisteredHandler>>) throws -> Result
    ) rethrows -> Result {
        if hasOwners.load(ordering: .relaxed) { removeSomeDead() }
        let version = version.load(ordering: .sequentiallyConsistent)
        guard let table = directory.table(of: event.eventType) else {
            return try body(UnsafeMutableBufferPointer(start: nil, count: 0))
        }
        return try withUnsafeTemporaryAllocation(byteCount: ReadingMemory.stackSize, alignment: 16) { stack in
            var reading = EventReading(event, table, version: version, memory: ReadingMemory(stack))
            table._withUnsafeGuaranteedRef { $0.collect(into: &reading) }
            return try body(reading.matches())
        }
    }

    /// The handlers that an event matches, in dispatch order.
    func handlers(matching event: EventReference) -> [RegisteredHandler] {
        let pin = epochs.pin()
        defer { epochs.unpin(pin) }
        return withMatches(event) { handlers in handlers.map { $0.takeUnretainedValue() } }
    }

    private func removeSomeDead() {
        let asked = lock.withLockIfAvailable { owners.next(Self.ownersAskedAtOnce) }
        if let asked { removeDead(among: asked) }
    }

    // MARK: Registering and removing

    /// Registers all handlers of a subscription in one step: a fire sees all of them or none. Returns false, having done
    /// nothing, to a thread that comes from the `==`, `hash` or `<` of a value that is being registered.
    func register(_ plans: [HandlerPlan], of subscription: EventSubscription) -> Bool {
        removeSomeDead()
        let inserted: Void? = change { garbage in
            for plan in plans {
                registrations += 1
                insert(RegisteredHandler(plan: plan, registration: registrations, subscription: subscription), garbage)
            }
            version.store(registrations, ordering: .sequentiallyConsistent)
        }
        return inserted != nil
    }

    private func insert(_ handler: RegisteredHandler, _ garbage: Garbage) {
        handler.subscription.handlers.append(handler)
        if handler.owner != nil {
            owners.add(handler)
            hasOwners.store(true, ordering: .relaxed)
        }
        table(of: handler.event, garbage).insert(handler, garbage)
    }

    private func table(of event: any MatchableEvent.Type, _ garbage: Garbage) -> EventTable {
        if let table = directory.table(of: event) { return table.takeUnretainedValue() }
        let table = EventTable(event)
        directory.add(table, garbage)
        return table
    }

    /// Forgets the handlers of a limit that is used up: one handler's, or those of the block around it.
    func remove(limitedBy limit: PlannedLimit, of handler: RegisteredHandler) {
        remove(limit.isOfBlock ? .limited(by: limit.limit, handler.subscription) : .handlers([handler]))
    }

    /// Forgets the handlers that an object owns.
    func remove(ownedBy object: AnyObject) {
        let owned = (change { _ in owners.handlers } ?? owners.handlers).filter { $0.owner?.object === object }
        for handler in owned { handler.owner?.end() }
        remove(.handlers(owned))
    }

    /// What to remove.
    private enum Removal: Sendable {
        case handlers([RegisteredHandler])
        case subscription(EventSubscription)
        case limited(by: any FireLimit, EventSubscription)
    }

    private func remove(_ removal: Removal) {
        let removed: Void? = change { garbage in
            switch removal {
            case .handlers(let handlers): for handler in handlers { remove(handler, garbage) }
            case .subscription(let subscription):
                for handler in subscription.handlers.handlers { handler.cancel() }
                while let handler = subscription.handlers.first { remove(handler, garbage) }
            case .limited(let limit, let subscription):
                for handler in subscription.handlers.handlers
                where handler.limits.contains(where: { $0.limit === limit }) {
                    remove(handler, garbage)
                }
            }
        }
        guard removed == nil else { return }
        // The thread is inside the lock already: what is cancelled starts no more from now on, and is taken out later.
        if case .subscription(let subscription) = removal {
            for handler in subscription.handlers.handlers { handler.cancel() }
        }
        postponed.withLock { $0.append(removal) }
    }

    /// Takes a handler out, if that was not done before.
    private func remove(_ handler: RegisteredHandler, _ garbage: Garbage) {
        guard handler.isRegistered else { return }
        handler.subscription.handlers.remove(handler)
        handler.subscription.handlerEnded(byOwner: handler.owner?.hasEnded ?? false)
        if handler.owner != nil {
            owners.remove(handler)
            hasOwners.store(!owners.handlers.isEmpty, ordering: .relaxed)
        }
        table(of: handler.event, garbage).remove(handler, garbage)
    }

    /// Forgets those of the handlers whose owners are dead.
    private func removeDead(among owned: ArraySlice<RegisteredHandler>) {
        let dead = owned.filter { !$0.isOwnerAlive }
        for handler in dead { handler.owner?.end() }
        if !dead.isEmpty { remove(.handlers(dead)) }
    }

    /// Changes what is registered, under the lock, and lets go of what was taken out after it; nil for a thread that is
    /// inside already.
    private func change<Result>(_ body: (Garbage) -> Result) -> Result? {
        let garbage = Garbage()
        guard let result = lock.withLock({ body(garbage) }) else { return nil }
        epochs.retire(garbage.items)
        for removal in postponed.withLock({ postponed in
            defer { postponed = [] }
            return postponed
        }) { remove(removal) }
        return result
    }

    // MARK: Listing

    /// Every handler that can still start, in the order of registration.
    var handlers: [RegisteredHandler] {
        if let owned = change({ _ in owners.handlers[...] }) { removeDead(among: owned) }
        let version = version.load(ordering: .acquiring)
        return all { tables in tables.flatMap(\.handlers) }.filter {
            $0.order.registration <= version && $0.canStart
        }.sorted {
            $0.order.registration < $1.order.registration
        }
    }

    /// Whether a type of event has a handler that can still start.
    func hasHandlers(for event: any MatchableEvent.Type) -> Bool {
        all { tables in tables.first { $0.event == event }?.handlers ?? [] }.contains(where: \.canStart)
    }

    /// Calls a closure with the table of a type of event, and the last registration that is complete, while nothing changes; nil
    /// where there is no table.
    func inspect<Result>(
        _ event: any MatchableEvent.Type,
        _ body: (EventTable, _ version: UInt64) -> Result
    ) -> Result? {
        func inspected() -> Result? {
            let version = version.load(ordering: .sequentiallyConsistent)
            return directory.table(of: event).map { body($0.takeUnretainedValue(), version) }
        }
        return change { _ in inspected() } ?? inspected()
    }

    /// How much memory the tables take, in bytes.
    var tableByteCount: Int {
        let sum = { [self] in directory.tables.reduce(0) { $0 + $1.byteCount } }
        return change { _ in sum() } ?? sum()
    }

    private func all(_ handlers: ([EventTable]) -> [RegisteredHandler]) -> [RegisteredHandler] {
        change { _ in handlers(directory.tables) } ?? handlers(directory.tables)
    }
}

extension HandlerRegistry: SubscriptionRegistrar {
    func waitForFiresInPlace() async { await epochs.waitForPinned() }

    func remove(_ subscription: EventSubscription) { remove(.subscription(subscription)) }
}
