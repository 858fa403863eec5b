/// The ordered phases of an event, as an enumeration whose cases stand in the order in which they run.
///
/// A phase is a barrier: every handler of one phase has an outcome before any of the next starts.
///
/// ```swift
/// enum Phases: EventPhases {
///     case drain, close, report
///     static var main: Self { .close }
/// }
/// ```
public protocol EventPhases: CaseIterable, Hashable, Sendable {
    /// The phase of a handler that stands outside any `Phase` block.
    static var main: Self { get }

    /// Whether a failure of one of the phase's handlers keeps later phases from running: their handlers are then skipped,
    /// and reported so. False unless the type says otherwise.
    var isGate: Bool { get }
}

extension EventPhases {
    /// No gate.
    public var isGate: Bool { false }
}

/// The phases of an event that declares none: `before`, `during`, `after`.
public enum StandardPhases: EventPhases {
    /// Runs first.
    case before
    /// The main phase, where handlers outside any `Phase` block run.
    case during
    /// Runs last.
    case after

    /// ``during``.
    public static var main: Self { .during }
}

/// A phase of an event, whatever the event. There is one object for each phase of each type.
final class PhaseInfo: Sendable {
    let event: any MatchableEvent.Type
    let name: String
    /// The name of the type of phases.
    let typeName: String
    /// Whether the phase is among `allCases`.
    let isListed: Bool
    /// The place of the phase among the event's phases. One that is missing comes after all others: only handlers of any event
    /// run in it.
    let index: Int
    let isGate: Bool

    private init<Event: MatchableEvent>(_ phase: Event.Phases, of event: Event.Type) {
        self.event = event
        name = "\(phase)"
        typeName = "\(Event.Phases.self)"
        let place = Array(Event.Phases.allCases).firstIndex(of: phase)
        isListed = place != nil
        index = place ?? Event.Phases.allCases.count
        isGate = phase.isGate
    }

    /// A phase of an event.
    static func of<Event: MatchableEvent>(_ event: Event.Type, _ phase: Event.Phases) -> PhaseInfo {
        let key = PhaseKey(event: ObjectIdentifier(event), phase: AnyHashable(Compared(phase)))
        if let known = phaseInfos.withLock({ $0[key] }) { return known }
        let new = PhaseInfo(phase, of: event)
        return phaseInfos.withLock { planned in
            if let known = planned[key] { return known }
            planned[key] = new
            return new
        }
    }

    /// The main phase of an event.
    static func main<Event: MatchableEvent>(of event: Event.Type) -> PhaseInfo {
        EventTypeFacts.of(event).mainPhase.value { of(event, .main) }
    }
}

private struct PhaseKey: Hashable, @unchecked Sendable {
    // Sound: phases are `Sendable`.
    let event: ObjectIdentifier
    let phase: AnyHashable
}

private let phaseInfos = Locked<[PhaseKey: PhaseInfo]>([:])
