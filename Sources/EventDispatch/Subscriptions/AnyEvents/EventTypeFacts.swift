/// What handlers of any event have to know of a type of event. To find it out calls users' code, so it is done once and under no
/// lock.
final class EventTypeFacts: Sendable {
    let name: String
    /// The phase that handlers outside any `Phase` run in.
    let mainPhase: PlannedPhase

    private init<Event: MatchableEvent>(_ event: Event.Type) {
        name = Event.eventName
        mainPhase = .main(of: event)
    }

    /// What is known of a type that was asked about before; nil for another.
    static func known(of event: any MatchableEvent.Type) -> EventTypeFacts? {
        eventTypeFacts.withLock { $0[ObjectIdentifier(event)] }
    }

    /// What there is to know of a type.
    static func of(_ event: any MatchableEvent.Type) -> EventTypeFacts {
        if let known = known(of: event) { return known }
        let facts = make(event)
        eventTypeFacts.withLock { $0[ObjectIdentifier(event)] = facts }
        return facts
    }

    private static func make<Event: MatchableEvent>(_ event: Event.Type) -> EventTypeFacts { EventTypeFacts(event) }
}

private let eventTypeFacts = Locked<[ObjectIdentifier: EventTypeFacts]>([:])
