/// The handlers of any event, and what they are for each type of event that has a table.
///
/// Such a handler stands in the table of ``AnyEvent``, which nobody fires, and is in all respects a handler like others: it is
/// listed, counted, limited and removed there. For each type that it is for, a handler with the same registration, limits and
/// owner is filed in the type's table, when that is made or when the handler is registered. So an event finds it as it finds
/// others, and registrations stay in order in every table.
struct AnyEventHandlers: Sendable {
    private struct Entry: Sendable {
        let handler: RegisteredHandler
        let plan: HandlerPlan
        let anyEvent: AnyEventPlan
        var expansions: [RegisteredHandler] = []
    }

    /// By registration.
    private var entries: [UInt64: Entry] = [:]

    var isEmpty: Bool { entries.isEmpty }

    /// The handler of a registration, as it was declared.
    func handler(_ registration: UInt64) -> RegisteredHandler? { entries[registration]?.handler }

    /// Which types a handler is for; nil for a handler of one type.
    func selection(of handler: RegisteredHandler) -> EventSelection? {
        entries[handler.order.registration]?.anyEvent.selection
    }

    mutating func add(_ handler: RegisteredHandler, _ plan: HandlerPlan) {
        guard let anyEvent = plan.anyEvent else { return }
        entries[handler.order.registration] = Entry(handler: handler, plan: plan, anyEvent: anyEvent)
    }

    /// Forgets a handler, and returns those to be taken out of the tables.
    mutating func remove(_ handler: RegisteredHandler) -> [RegisteredHandler] {
        guard !entries.isEmpty else { return [] }
        return entries.removeValue(forKey: handler.order.registration)?.expansions ?? []
    }

    /// Files all that are for a type in its table, which is new.
    mutating func expandAll(into table: EventTable, _ garbage: Garbage) {
        guard !entries.isEmpty else { return }
        for registration in entries.keys.sorted() { expand(registration, into: table, garbage) }
    }

    /// Files a handler in the table of a type, if it is for it. The type has been judged.
    mutating func expand(_ registration: UInt64, into table: EventTable, _ garbage: Garbage) {
        guard let entry = entries[registration], !(table.event is any StandsForOtherEvents.Type),
            entry.anyEvent.selection.verdict(on: table.event) ?? false
        else { return }
        let expansion = RegisteredHandler(
            plan: entry.anyEvent.expansion(of: entry.plan, for: table.event),
            registration: registration,
            subscription: entry.handler.subscription,
            isExpansion: true
        )
        entries[registration]?.expansions.append(expansion)
        table.insert(expansion, garbage)
    }

    // MARK: Judging

    /// What has to be judged before a type gets a table.
    func unjudged(_ event: any MatchableEvent.Type) -> [UnjudgedType] {
        entries.values.compactMap { UnjudgedType($0.anyEvent.selection, event) }
    }

    /// What has to be judged before handlers are registered.
    func unjudged(for plans: [HandlerPlan], in tables: @autoclosure () -> [EventTable]) -> [UnjudgedType] {
        guard !entries.isEmpty || plans.contains(where: { $0.anyEvent != nil }) else { return [] }
        let added = plans.compactMap { $0.anyEvent?.selection }
        let events = plans.filter { $0.anyEvent == nil }.map(\.phase.event)
        let old = events.flatMap { unjudged($0) }
        let known = added.isEmpty ? [] : tables().map(\.event)
        let new = added.flatMap { selection in
            (events + known).compactMap { UnjudgedType(selection, $0) }
        }
        return old + new
    }
}

/// A type of event that was not judged by a selection.
struct UnjudgedType: Sendable {
    private let selection: EventSelection
    private let event: any MatchableEvent.Type

    /// Nil when it was judged.
    init?(_ selection: EventSelection, _ event: any MatchableEvent.Type) {
        guard selection.verdict(on: event) == nil else { return nil }
        self.selection = selection
        self.event = event
    }

    /// Judges it; under no lock. Returns false from inside a judgement of it.
    func judge() -> Bool { selection.judge(event) }
}
