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
    /// The place from which on nothing starts any more once a handler of the phase has failed; nil for a phase that is no gate.
    let failureSkipsFrom: Int?
    /// Whether it stands around the event's own phases. Its handlers watch, and don't make an event handled.
    let isAround: Bool

    private init<Event: MatchableEvent>(_ phase: Event.Phases, of event: Event.Type) {
        self.event = event
        name = "\(phase)"
        typeName = "\(Event.Phases.self)"
        let place = Array(Event.Phases.allCases).firstIndex(of: phase)
        isListed = place != nil
        index = place ?? Event.Phases.allCases.count
        failureSkipsFrom = phase.isGate ? index + 1 : nil
        isAround = false
    }

    private init(_ phase: PhaseAround, of event: any MatchableEvent.Type) {
        self.event = event
        name = phase.rawValue
        typeName = "\(PhaseAround.self)"
        isListed = true
        index = phase == .afterAll ? Self.count(of: event) + 1 : -1
        failureSkipsFrom = phase == .gateBeforeAll ? index : nil
        isAround = true
    }

    var isGate: Bool { failureSkipsFrom != nil }

    /// A phase of an event.
    static func of<Event: MatchableEvent>(_ event: Event.Type, _ phase: Event.Phases) -> PhaseInfo {
        known(PhaseKey(event: ObjectIdentifier(event), phase: AnyHashable(Compared(phase)))) {
            PhaseInfo(phase, of: event)
        }
    }

    /// A phase around those of an event.
    static func of(_ event: any MatchableEvent.Type, _ phase: PhaseAround) -> PhaseInfo {
        known(PhaseKey(event: ObjectIdentifier(event), phase: AnyHashable(Compared(phase)))) {
            PhaseInfo(phase, of: event)
        }
    }

    /// How many phases an event has.
    static func count(of event: any MatchableEvent.Type) -> Int {
        func count<Event: MatchableEvent>(_ event: Event.Type) -> Int { Event.Phases.allCases.count }
        return EventTypeFacts.of(event).phaseCount.value { count(event) }
    }

    /// The phase of a key, which is made when it isn't known.
    private static func known(_ key: PhaseKey, _ make: () -> PhaseInfo) -> PhaseInfo {
        if let known = phaseInfos.withLock({ $0[key] }) { return known }
        let new = make()
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

/// A phase around the phases of every event, in which handlers of any event can stand.
enum PhaseAround: String {
    /// Before the first phase. A handler of it that fails keeps everything from starting that has not started, in this phase too.
    case gateBeforeAll = "gate before all"
    /// Before the first phase, in the same place as the gates.
    case beforeAll = "before all"
    /// After the last phase.
    case afterAll = "after all"
}

private struct PhaseKey: Hashable, @unchecked Sendable {
    // Sound: phases are `Sendable`.
    let event: ObjectIdentifier
    let phase: AnyHashable
}

private let phaseInfos = Locked<[PhaseKey: PhaseInfo]>([:])
