/// What a ``ManualClock`` knows. Each change returns the continuations that it made ready.
struct ManualClockState: Sendable {
    typealias Continuation = CheckedContinuation<Void, Never>

    private(set) var now = ManualClock.Instant(offset: .zero)
    private var lastSleeper = 0
    private var sleeping: [Int: (deadline: ManualClock.Instant, continuation: Continuation)] = [:]
    private var woken: Set<Int> = []
    private var awaitingSleepers: [(count: Int, continuation: Continuation)] = []

    /// Names a sleeper, so that it can be woken before it sleeps.
    mutating func nextSleeper() -> Int {
        lastSleeper += 1
        return lastSleeper
    }

    mutating func sleep(
        _ sleeper: Int,
        until deadline: ManualClock.Instant,
        _ continuation: Continuation
    ) -> [Continuation] {
        if deadline <= now || woken.remove(sleeper) != nil { return [continuation] }
        sleeping[sleeper] = (deadline, continuation)
        return takeReached()
    }

    mutating func wake(_ sleeper: Int) -> Continuation? {
        if let entry = sleeping.removeValue(forKey: sleeper) { return entry.continuation }
        woken.insert(sleeper)
        return nil
    }

    mutating func advance(by duration: Duration) -> [Continuation] {
        now = now.advanced(by: duration)
        let due = sleeping.filter { $0.value.deadline <= now }
        for sleeper in due.keys { sleeping[sleeper] = nil }
        return due.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }.map(\.value.continuation)
    }

    mutating func awaitSleepers(_ count: Int, _ continuation: Continuation) -> [Continuation] {
        awaitingSleepers.append((count, continuation))
        return takeReached()
    }

    private mutating func takeReached() -> [Continuation] {
        let reached = awaitingSleepers.filter { $0.count <= sleeping.count }
        awaitingSleepers = awaitingSleepers.filter { $0.count > sleeping.count }
        return reached.map(\.continuation)
    }
}
