/// A phase of an event, whatever the event.
final class PlannedPhase: Sendable {
    let name: String
    /// The place of the phase among the event's phases.
    let index: Int
    let isGate: Bool

    init(_ phase: any EventPhases, index: Int) {
        name = "\(phase)"
        self.index = index
        isGate = phase.isGate
    }
}
