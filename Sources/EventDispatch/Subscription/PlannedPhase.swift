import Synchronization

/// A phase of an event, whatever the event. There is one object for each phase of each type.
final class PlannedPhase: Sendable {
    let event: any MatchableEvent.Type
    let name: String
    /// The place of the phase among the event's phases.
    let index: Int
    let isGate: Bool

    private init<Event: MatchableEvent>(_ phase: Event.Phases, of event: Event.Type, index: Int) {
        self.event = event
        name = "\(phase)"
        self.index = index
        isGate = phase.isGate
    }

    /// A phase of an event; nil for one that is missing from `allCases`.
    static func of<Event: MatchableEvent>(_ event: Event.Type, _ phase: Event.Phases) -> PlannedPhase? {
        let type = ObjectIdentifier(event)
        let phases =
            plannedPhases.withLock { $0[type] }
            ?? Event.Phases.allCases.enumerated().map { PlannedPhase($1, of: event, index: $0) }
        guard let index = Array(Event.Phases.allCases).firstIndex(of: phase) else { return nil }
        return plannedPhases.withLock { planned in
            if let known = planned[type] { return known[index] }
            planned[type] = phases
            return phases[index]
        }
    }
}

private let plannedPhases = Mutex<[ObjectIdentifier: [PlannedPhase]]>([:])
