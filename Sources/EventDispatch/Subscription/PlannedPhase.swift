/// A phase of an event, whatever the event.
struct PlannedPhase: Sendable {
    let phase: any EventPhases
    /// The place of the phase among the event's phases.
    let index: Int
    let isGate: Bool

    var name: String { "\(phase)" }
}
