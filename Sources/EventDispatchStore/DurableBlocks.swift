import EventDispatch

/// One block of a durable subscription as data. ``DurableSubscriptionBuilder`` makes them.
public struct DurableDeclaration: Sendable {
    let block: [SubscriptionDeclaration]
    let type: any StorableEvent.Type
    let part: @Sendable (any Clock<Duration>) throws(DispatchError) -> EventInterest.Part

    init<Event: StorableEvent>(_ on: On<Event>) {
        let block = on.declarations
        self.block = block
        type = Event.self
        part = { clock throws(DispatchError) in
            var routing: [String: Set<String>] = [:]
            for key in Event.routingKeys {
                for declaration in block {
                    if let texts = try key.expectedTexts(declaration, clock) { routing[key.name] = Set(texts) }
                }
            }
            return EventInterest.Part(name: Event.storedName, routing: routing, keys: Event.routingKeys.map(\.name))
        }
    }
}

/// Builds the inside of a durable subscription: `On` blocks for events that can be stored.
///
/// Mark a function or a property with it to declare blocks in a place of their own, and hand them over with `return`:
/// `subscribe("billing") { return blocks }`.
@resultBuilder
public enum DurableSubscriptionBuilder {
    /// One block.
    public static func buildExpression<Event: StorableEvent>(_ block: On<Event>) -> [DurableDeclaration] {
        [DurableDeclaration(block)]
    }

    /// Blocks in their order.
    public static func buildBlock(_ parts: [DurableDeclaration]...) -> [DurableDeclaration] { parts.flatMap { $0 } }

    /// `if` and `if let`.
    public static func buildOptional(_ part: [DurableDeclaration]?) -> [DurableDeclaration] { part ?? [] }

    /// `if`/`else` and `switch`.
    public static func buildEither(first part: [DurableDeclaration]) -> [DurableDeclaration] { part }

    /// `if`/`else` and `switch`.
    public static func buildEither(second part: [DurableDeclaration]) -> [DurableDeclaration] { part }

    /// `for`.
    public static func buildArray(_ parts: [[DurableDeclaration]]) -> [DurableDeclaration] { parts.flatMap { $0 } }

    /// `if #available`.
    public static func buildLimitedAvailability(_ part: [DurableDeclaration]) -> [DurableDeclaration] { part }
}

/// The blocks of a durable subscription, in a dispatcher of their own.
struct DurableBlocks: Sendable {
    /// What the store needs to know to leave out events that no block is for.
    let interest: EventInterest
    private let types: [String: any StorableEvent.Type]
    private let dispatcher: EventDispatcher

    init(
        _ declarations: [DurableDeclaration],
        of name: String,
        on clock: any Clock<Duration>,
        in store: String,
        observedBy observers: [any DispatchObserver]
    ) throws {
        var interest = EventInterest()
        var types: [String: any StorableEvent.Type] = [:]
        for declaration in declarations {
            let part = try declaration.part(clock)
            if let other = types[part.name], other != declaration.type {
                let message = "'\(part.name)' is the stored name of \(other) and of \(declaration.type)"
                throw EventStoreError(.ambiguousName, message)
            }
            types[part.name] = declaration.type
            interest.parts.append(part)
        }
        let dispatcher = EventDispatcher(name: name, clock: clock) { Delivery.current?.observed(in: store) }
        for observer in observers { dispatcher.observe(with: observer) }
        _ = try dispatcher.subscribe { declarations.flatMap(\.block) }
        self.interest = interest
        self.types = types
        self.dispatcher = dispatcher
    }

    /// The stored names that blocks are for.
    var names: Set<String> { Set(types.keys) }

    /// Whether a block is for events of the name.
    func knows(_ event: StoredEvent) -> Bool { types[event.name] != nil }

    func decode(_ event: StoredEvent) throws -> any StorableEvent {
        guard let type = types[event.name] else {
            throw EventStoreError(.corrupt, "no block is for '\(event.name)'")
        }
        return try type.decode(event.data, version: event.schemaVersion)
    }

    /// Whether a handler matches an event.
    func match(_ event: some StorableEvent) -> Bool { dispatcher.hasMatches(for: event) }

    /// Explains which handlers an event matches.
    func explain(_ event: some StorableEvent) -> MatchExplanation { dispatcher.explain(event) }

    /// Fires an event, and returns what keeps it from being acknowledged.
    func fire<Event: StorableEvent>(_ event: Event) async -> [String] {
        do {
            let report: DispatchReport<Event> = try await dispatcher.fireReporting(event)
            return report.outcomes.compactMap { outcome in
                switch outcome.result {
                case .failed, .timedOut, .cancelled: "\(outcome)"
                case .succeeded, .skipped, .detached: nil
                }
            }
        } catch {
            return ["\(error)"]
        }
    }
}
