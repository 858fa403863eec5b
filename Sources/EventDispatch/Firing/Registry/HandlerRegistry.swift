import Synchronization

/// The handlers of a dispatcher, and the tables that find them.
///
/// Registrations and removals are serialised by a lock. Fires take none: they read tables that change under them, and find in
/// them all that was registered when they began, and nothing that was registered later.
///
/// Under the lock runs, of users' code, only the `==` and `hash` of values that filters name. What is removed is freed
/// after it, by the epochs.
final class HandlerRegistry: @unchecked Sendable {
    // Sound: what is `var` is only touched under the lock; the tables say for themselves.

    let epochs = Epochs()
    /// The last registration that fires are to see.
    let version = Atomic<UInt64>(0)
    let directory = TableDirectory()

    private let lock = ReentryLock()
    private var registrations: UInt64 = 0
    private var origins = RecentOrigins()
    let owners = OwnerList()
    /// The subscriptions that have an ID.
    var identified: [String: EventSubscription] = [:]
    var anyEvents = AnyEventHandlers()
    /// Whether there are handlers of any event, for fires.
    private let hasAnyEvents = Atomic(false)
    /// Changes asked for from inside the lock; they are made when it is free.
    let postponed = Locked<[Postponed]>([])
    let reference = RegistrarReference()

    init() { reference.refer(to: self) }

    deinit {
        for table in directory.tables { table.forgetHandlers() }
        for handler in anyEvents.handlers { handler.forgetSubscription() }
    }

    // MARK: Fires

    /// Calls a closure with the handlers that an event matches, in dispatch order. The caller has pinned the epochs, and keeps
    /// the handlers alive by it.
    @inline(__always)
    func withMatches<Result>(
        _ event: EventReference,
        _ body: (UnsafeMutableBufferPointer<Unmanaged<RegisteredHandler>>) throws -> Result
    ) rethrows -> Result {
        try withMatches(event, at: lastRegistration, body)
    }

    /// Calls a closure with the handlers that an event matches that sees a version: the last one since the caller has pinned the
    /// epochs.
    @inline(__always)
    private func withMatches<Result>(
        _ event: EventReference,
        at version: UInt64,
        _ body: (UnsafeMutableBufferPointer<Unmanaged<RegisteredHandler>>) throws -> Result
    ) rethrows -> Result {
        if !owners.isEmpty { removeSomeDead() }
        guard let table = directory.table(of: event.eventType) ?? tableOfAnyEvents(event.eventType) else {
            return try body(UnsafeMutableBufferPointer(start: nil, count: 0))
        }
        return try withUnsafeTemporaryAllocation(byteCount: ReadingMemory.stackSize, alignment: 16) { stack in
            var reading = EventReading(event, table, version: version, memory: ReadingMemory(stack))
            defer { reading.free() }
            table._withUnsafeGuaranteedRef { $0.collect(into: &reading) }
            return try body(reading.matches())
        }
    }

    /// The handlers that an event matches, in dispatch order.
    func handlers(matching event: EventReference) -> [RegisteredHandler] { versionedHandlers(matching: event).handlers }

    /// The handlers that an event matches, in dispatch order, and the version that it sees.
    func versionedHandlers(matching event: EventReference) -> (handlers: [RegisteredHandler], version: UInt64) {
        pinned {
            let version = lastRegistration
            let handlers = withMatches(event, at: version) { handlers in handlers.map { $0.takeUnretainedValue() } }
            return (handlers, version)
        }
    }

    /// Calls a closure that reads tables. Whoever waits for fires waits for it too, and is to be told of its end.
    func pinned<Result>(_ body: () -> Result) -> Result {
        let pin = epochs.pin()
        defer { epochs.unpin(pin) }
        return body()
    }

    /// Forgets some handlers whose owners are gone; for a fire, which waits for no registration. Where one has the lock, a later fire
    /// finds them.
    @inline(never)
    private func removeSomeDead() {
        let dead = owners.dead(inTurn: epochs.nextTurn())
        guard !dead.isEmpty else { return }
        let write = TableWrite()
        let removed: Void? = lock.withLockIfAvailable { remove(dead, .ownerGone, write) }
        if removed != nil { finish(write) }
    }

    // MARK: Registering and removing

    /// Registers all handlers of a subscription in one step: a fire sees all of them or none. Returns false, having done nothing,
    /// to a thread that comes from the `==` or `hash` of a value that is being registered.
    func register(_ plans: [HandlerPlan], of subscription: EventSubscription) -> Bool {
        register([Registration(plans: plans, subscription: subscription)])
    }

    /// The handlers of a subscription, to be registered in one step with those of others.
    struct Registration {
        let plans: [HandlerPlan]
        let subscription: EventSubscription
        /// The subscription whose place it takes, as one with the same ID does.
        var replaced: EventSubscription?
    }

    /// Registers subscriptions in one step, as ``register(_:of:)`` does one: a fire sees the handlers of all or of none, and goes on with
    /// those that are replaced where it sees none.
    func register(_ registrations: [Registration]) -> Bool {
        let plans = registrations.flatMap(\.plans)
        let registered: Void? = change(knowing: { anyEvents.unknown(for: plans, in: directory) }) { write in
            remove(owners.dead(inTurn: epochs.nextTurn()), .ownerGone, write)
            // A signal knows its connections before they are registered, and may have ended this one.
            let registrations = registrations.filter { !$0.subscription.isCancelled }
            let new = registrations.reduce(self.registrations) { $0 + UInt64($1.plans.count) }
            for registration in registrations { register(registration, at: new, write) }
            version.store(new, ordering: .sequentiallyConsistent)
        }
        return registered != nil
    }

    private func register(_ registration: Registration, at version: UInt64, _ write: TableWrite) {
        let (plans, subscription) = (registration.plans, registration.subscription)
        subscription.firstVersion = version
        if let id = subscription.id {
            replace(identified[id], by: plans.isEmpty ? nil : subscription, id, at: version, write)
        }
        if let replaced = registration.replaced { replace(replaced, by: subscription, at: version, write) }
        for plan in plans {
            registrations += 1
            insert(
                RegisteredHandler(
                    plan: plan,
                    origin: origins.origin(of: plan),
                    registration: registrations,
                    subscription: subscription
                ),
                plan,
                write
            )
        }
    }

    /// Gives an ID to another subscription, or to none.
    private func replace(
        _ old: EventSubscription?,
        by subscription: EventSubscription?,
        _ id: String,
        at version: UInt64,
        _ write: TableWrite
    ) {
        identified[id] = subscription
        guard let old else { return }
        guard let subscription else {
            old.beginCancel()
            return removeAll(of: old, write)
        }
        replace(old, by: subscription, at: version, write)
    }

    /// Lets a subscription take the place of another.
    ///
    /// Fires that see a version before the new one go on with the old subscription's handlers, also those that have not started them,
    /// and so each event reaches either the old ones or the new. The old ones stay in the tables until no fire is left that looks for
    /// them there.
    private func replace(
        _ old: EventSubscription,
        by subscription: EventSubscription,
        at version: UInt64,
        _ write: TableWrite
    ) {
        subscription.firstVersion = old.firstVersion
        old.beReplaced(at: version)
        if old.declaredHandlers == 1 { old.handlers.first?.beReplaced() }
        write.append(.replaced(old))
    }

    /// The subscription of an ID; nil when no handler of it can start any more.
    func subscription(id: String) -> EventSubscription? {
        underLock { identified[id] }.flatMap { $0.isActive ? $0 : nil }
    }

    private func insert(_ handler: RegisteredHandler, _ plan: HandlerPlan, _ write: TableWrite) {
        handler.subscription.handlers.append(handler)
        for planned in handler.limits { planned.block?.add(handler) }
        if handler.owner != nil {
            owners.add(handler, write)
        }
        if let anyEvent = plan.anyEvent {
            anyEvents.add(handler, plan, anyEvent, into: directory.tables, write)
            hasAnyEvents.store(true, ordering: .sequentiallyConsistent)
        } else {
            table(of: handler.event, write).insert(handler, write)
        }
    }

    private func table(of event: any MatchableEvent.Type, _ write: TableWrite) -> EventTable {
        if let table = directory.table(of: event) { return table.takeUnretainedValue() }
        let table = EventTable(event)
        // Before fires find it: one that finds it empty would miss the handlers of any event.
        anyEvents.expandAll(into: table, write)
        directory.add(table, write)
        return table
    }

    /// The table of a type of event for which nothing was registered, made when there are handlers of any event; nil for a thread
    /// that comes from the `==` or `hash` of a value that is being registered.
    @inline(never)
    func tableOfAnyEvents(_ event: any MatchableEvent.Type) -> Unmanaged<EventTable>? {
        guard hasAnyEvents.load(ordering: .sequentiallyConsistent) else { return nil }
        return change(knowing: { anyEvents.unknown(event) }) { write in
            Unmanaged.passUnretained(table(of: event, write))
        }
    }

    /// Forgets a handler whose limit is used up.
    func removeUsedUp(_ handler: RegisteredHandler) { remove(.handlers([handler], .usedUp)) }

    /// Forgets the handlers of a block whose limit is used up.
    func removeUsedUp(_ block: LimitedBlock) { remove(.block(block)) }

    /// Forgets the handlers that an object owns. They start no more from now on, not even in fires that are under way.
    func remove(ownedBy object: AnyObject) {
        let owned = underLock { owners.handlers(of: object) }
        for handler in owned { handler.owner?.cancel() }
        if !owned.isEmpty { remove(.handlers(owned, .cancelled)) }
    }

    /// Ends all subscriptions.
    func cancelAll() {
        let subscriptions = underLock {
            Set((directory.tables.flatMap(\.handlers) + anyEvents.handlers).map(\.subscription) + identified.values)
        }
        for subscription in subscriptions { subscription.beginCancel() }
        for subscription in subscriptions { remove(subscription) }
    }

    /// A removal.
    enum Removal: Sendable {
        case handlers([RegisteredHandler], HandlerEnd)
        case subscription(EventSubscription)
        case block(LimitedBlock)
    }

    /// A change that waits for the lock to be free.
    enum Postponed: Sendable {
        case removal(Removal)
        case muting(EventSubscription, MuteChange)
    }

    func remove(_ removal: Removal) {
        let removed: Void? = change { write in
            switch removal {
            case .handlers(let handlers, let end): remove(handlers, end, write)
            case .subscription(let subscription): removeAll(of: subscription, write)
            case .block(let block): while let handler = block.first { remove(handler, .usedUp, write) }
            }
        }
        guard removed == nil else { return }
        // The thread is inside the lock already: what is cancelled starts no more from now on, and is taken out later.
        if case .subscription(let subscription) = removal { haltAll(of: subscription) }
        postponed.withLock { $0.append(.removal(removal)) }
    }

    /// Takes out what is left of a subscription that was cancelled or replaced.
    private func removeAll(of subscription: EventSubscription, _ write: TableWrite) {
        haltAll(of: subscription)
        while let handler = subscription.handlers.first { remove(handler, .cancelled, write) }
        forgetID(of: subscription)
    }

    /// Tells a cancellation to the handlers that read a flag of their own, which is one that is alone.
    private func haltAll(of subscription: EventSubscription) {
        if subscription.isCancelled, subscription.declaredHandlers == 1 { subscription.handlers.first?.cancel() }
    }

    private func forgetID(of subscription: EventSubscription) {
        guard let id = subscription.id, identified[id] === subscription else { return }
        identified[id] = nil
    }

    private func remove(_ handlers: [RegisteredHandler], _ end: HandlerEnd, _ write: TableWrite) {
        for handler in handlers { remove(handler, end, write) }
    }

    /// Takes a handler out, if that was not done before.
    private func remove(_ handler: RegisteredHandler, _ end: HandlerEnd, _ write: TableWrite) {
        guard handler.isRegistered else { return }
        if handler.isExpansion {
            if let declared = anyEvents.handler(handler.order.registration) { remove(declared, end, write) }
            return
        }
        for planned in handler.limits { planned.block?.remove(handler) }
        handler.subscription.handlers.remove(handler)
        handler.subscription.handlerEnded(end)
        if !handler.subscription.hasHandlersLeft { forgetID(of: handler.subscription) }
        if handler.owner != nil {
            owners.remove(handler, write)
        }
        if let expansions = anyEvents.remove(handler, write) {
            for expansion in expansions { table(of: expansion.event, write).remove(expansion, write) }
            hasAnyEvents.store(!anyEvents.isEmpty, ordering: .sequentiallyConsistent)
        } else {
            table(of: handler.event, write).remove(handler, write)
        }
    }

    /// Changes what is registered, under the lock, and lets go of what was taken out after it; nil for a thread that is
    /// inside already.
    func change<Result>(_ body: (TableWrite) -> Result) -> Result? {
        let write = TableWrite()
        guard let result = lock.withLock({ body(write) }) else { return nil }
        finish(write)
        return result
    }

    /// Lets go of what a change took out, and makes those that were asked for meanwhile; not to be called under the lock.
    private func finish(_ write: TableWrite) {
        epochs.retire(write.items)
        for postponed in postponed.withLock({ postponed in
            defer { postponed = [] }
            return postponed
        }) {
            switch postponed {
            case .removal(let removal): remove(removal)
            case .muting(let subscription, let change): noteMuting(of: subscription, change)
            }
        }
    }

    /// Changes what is registered, once the facts of some types are known. To find them out calls users' code, so it is done outside
    /// the lock, and what is missing is asked for again inside it.
    func change<Result>(
        knowing unknown: () -> [any MatchableEvent.Type],
        _ body: (TableWrite) -> Result
    ) -> Result? {
        while true {
            var missing: [any MatchableEvent.Type] = []
            let result: Result?? = change { write in
                missing = unknown()
                return missing.isEmpty ? body(write) : nil
            }
            guard !missing.isEmpty else { return result ?? nil }
            for event in missing { AnyEventPlan.learn(event) }
        }
    }

    /// The last registration that is complete.
    var lastRegistration: UInt64 { version.load(ordering: .sequentiallyConsistent) }

    /// Reads what is registered, under the lock, which a thread that is inside already has.
    func underLock<Result>(_ body: () -> Result) -> Result { change { _ in body() } ?? body() }
}
