/// The starts of a dispatcher's debounced handlers that wait whether another event comes. A stop starts them all.
final class PendingStarts: Sendable {
    private unowned let activity: Activity
    private let starts = Locked<[ObjectIdentifier: any PendingStart]>([:])

    init(_ activity: Activity) { self.activity = activity }

    /// Adds a start; false when the dispatcher is stopping or stopped: either the stop sees the start, or this sees the stop.
    func add(_ start: any PendingStart) -> Bool {
        starts.withLock { $0[ObjectIdentifier(start)] = start }
        if activity.isStarted { return true }
        remove(start)
        return false
    }

    /// Forgets a start, on which was decided.
    func remove(_ start: any PendingStart) {
        starts.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(start)) }
    }

    func startAll() {
        for start in starts.withLock({ $0.values.unshared }) { start.decide(.start) }
    }
}
