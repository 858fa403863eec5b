import EventDispatch

/// The state of a ``ManualClock``. Each change returns the continuations that it made ready.
struct ManualClockState: Sendable {
    typealias Continuation = CheckedContinuation<Void, Never>

    private(set) var now = ManualClock.Instant(offset: .zero)
    private var sleeping = CancellableWaits<(deadline: ManualClock.Instant, continuation: Continuation)>()
    private var awaitingSleepers: [(count: Int, continuation: Continuation)] = []

    /// Names a sleeper, so that it can be woken before it sleeps.
    mutating func nextSleeper() -> Int { sleeping.begin() }

    mutating func sleep(
        _ sleeper: Int,
        until deadline: ManualClock.Instant,
        _ continuation: Continuation
    ) -> [Continuation] {
        if deadline <= now {
            sleeping.end(sleeper)
            return [continuation]
        }
        return sleeping.add((deadline, continuation), to: sleeper) ? takeReached() : [continuation]
    }

    mutating func wake(_ sleeper: Int) -> Continuation? { sleeping.cancel(sleeper)?.continuation }

    mutating func advance(by duration: Duration) -> [Continuation] {
        now = now.advanced(by: duration)
        let due = sleeping.removeAll { [now] in $0.deadline <= now }.enumerated().sorted {
            ($0.element.deadline, $0.offset) < ($1.element.deadline, $1.offset)
        }
        return due.map(\.element.continuation)
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
