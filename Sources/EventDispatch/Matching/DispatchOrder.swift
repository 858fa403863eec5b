/// The order in which matched handlers start: phase, then priority, then registration.
struct DispatchOrder: Comparable, Sendable {
    let phaseIndex: Int
    let priority: Int
    /// Counts registrations in the dispatcher.
    let registration: UInt64

    static func < (left: Self, right: Self) -> Bool {
        (left.phaseIndex, right.priority, left.registration) < (right.phaseIndex, left.priority, right.registration)
    }
}
