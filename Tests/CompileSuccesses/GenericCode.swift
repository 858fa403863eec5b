import EventDispatch

/// Main-actor isolated by default, where the module says so, unlike a type that conforms.
nonisolated protocol Named: MatchableEvent {
    var name: String { get }
}

func log<Event: MatchableEvent>(_ type: Event.Type, on dispatcher: EventDispatcher) throws -> EventSubscription
where Event.Reply == Void {
    try dispatcher.subscribe {
        On(type) { Handle { event in print(event) } }
    }
}

func greet<Event: Named>(_ type: Event.Type, on dispatcher: EventDispatcher) throws -> EventSubscription
where Event.Reply == Void {
    try dispatcher.on(type) { event in print(event.name) }
}

func watch<Event: MatchableEvent, Value: Hashable & Sendable>(
    _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
    _ value: Value,
    on dispatcher: EventDispatcher
) throws -> EventSubscription where Event.Reply == Void {
    try dispatcher.on(Event.self, where: key == value) { event in print(event) }
}
