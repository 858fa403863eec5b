/// The order in which matched handlers start: phase, then priority, then registration.
struct DispatchOrder: Comparable, Sendable {
    private let phase: Int32
    let priority: Int
    /// Counts registrations in the dispatcher.
    let registration: UInt64

    var phaseIndex: Int { Int(phase) }

    init(phaseIndex: Int, priority: Int, registration: UInt64) {
        phase = Int32(phaseIndex)
        self.priority = priority
        self.registration = registration
    }

    @inline(__always)
    static func < (left: Self, right: Self) -> Bool {
        (left.phase, right.priority, left.registration) < (right.phase, left.priority, right.registration)
    }
}
