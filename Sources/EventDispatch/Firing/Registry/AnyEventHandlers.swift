/// The handlers of any event, and what they are for each type of event that has a table.
///
/// Such a handler, as it was declared, stands in no table, so that no fire starts it, of an ``AnyEvent`` neither. For the rest it is a
/// handler like others: listed, counted, limited and removed. For each type that it is for, a handler with the same registration,
/// limits and owner is filed in the type's table, when that is made or when the handler is registered. So an event finds it as it
/// finds others, and registrations stay in order in every table.
struct AnyEventHandlers: Sendable {
    /// By registration.
    private var entries: [UInt64: AnyEventHandler] = [:]

    var isEmpty: Bool { entries.isEmpty }

    /// The handlers as they were declared.
    var handlers: [RegisteredHandler] { entries.values.map(\.handler) }

    /// The handler of a registration, as it was declared.
    func handler(_ registration: UInt64) -> RegisteredHandler? { entries[registration]?.handler }

    /// Which types a handler is for; nil for a handler of one type.
    func selection(of handler: RegisteredHandler) -> EventSelection? {
        entries[handler.order.registration]?.anyEvent.selection
    }

    /// Takes a handler in, and files it in the tables of the types that it is for. Their facts are known.
    mutating func add(
        _ handler: RegisteredHandler,
        _ plan: HandlerPlan,
        _ anyEvent: AnyEventPlan,
        into tables: [EventTable],
        _ write: TableWrite
    ) {
        let entry = AnyEventHandler(handler: handler, plan: plan, anyEvent: anyEvent)
        entries[handler.order.registration] = entry
        handler.isRegistered = true
        for table in tables { entry.expand(into: table, write) }
    }

    /// Forgets a handler, and returns what it was in the tables; nil for a handler of one type.
    mutating func remove(_ handler: RegisteredHandler, _ write: TableWrite) -> [RegisteredHandler]? {
        guard !entries.isEmpty, let entry = entries.removeValue(forKey: handler.order.registration) else { return nil }
        handler.isRegistered = false
        write.append(.object(entry))
        return entry.expansions
    }

    /// Files all that are for a type in its table, which is new.
    func expandAll(into table: EventTable, _ write: TableWrite) {
        guard !entries.isEmpty else { return }
        for registration in entries.keys.sorted() { entries[registration]?.expand(into: table, write) }
    }

    // MARK: Facts about types

    /// The type, if it needs facts that are not known before it gets a table.
    func unknown(_ event: any MatchableEvent.Type) -> [any MatchableEvent.Type] {
        !AnyEventPlan.knows(event) && entries.values.contains { $0.anyEvent.admits(event) } ? [event] : []
    }

    /// The types whose facts have to be known before handlers are registered. They are known of a type with a table, as far as
    /// those need them that are registered.
    func unknown(for plans: [HandlerPlan], in directory: borrowing TableDirectory) -> [any MatchableEvent.Type] {
        guard !entries.isEmpty || plans.contains(where: { $0.anyEvent != nil }) else { return [] }
        let added = plans.compactMap(\.anyEvent)
        let declared = plans.filter { $0.anyEvent == nil }.map(\.phase.event)
        var seen: Set<ObjectIdentifier> = []
        let events = declared.filter { seen.insert(ObjectIdentifier($0)).inserted && directory.table(of: $0) == nil }
        let old = events.flatMap { unknown($0) }
        guard !added.isEmpty else { return old }
        let new = (events + directory.tables.map(\.event)).filter { event in
            !AnyEventPlan.knows(event) && added.contains { $0.admits(event) }
        }
        return old + new
    }
}

/// A handler of any event.
final class AnyEventHandler: @unchecked Sendable {
    // Sound: constants, and what is only touched under the registry's lock.

    let handler: RegisteredHandler
    let anyEvent: AnyEventPlan
    private let plan: HandlerPlan
    /// Its handlers in the tables.
    private(set) var expansions: [RegisteredHandler] = []

    init(handler: RegisteredHandler, plan: HandlerPlan, anyEvent: AnyEventPlan) {
        self.handler = handler
        self.plan = plan
        self.anyEvent = anyEvent
    }

    /// Files the handler in the table of a type, if it is for it.
    func expand(into table: EventTable, _ write: TableWrite) {
        guard anyEvent.selects(table.event) else { return }
        let plan = anyEvent.expansion(of: plan, for: table.event)
        let expansion = RegisteredHandler(
            plan: plan,
            origin: HandlerOrigin(plan),
            registration: handler.order.registration,
            subscription: handler.subscription,
            of: handler
        )
        expansions.append(expansion)
        table.insert(expansion, write)
    }
}
