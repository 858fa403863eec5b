/// A point in time on a clock, reckoned from when it was made.
struct Deadline: Sendable {
    private let sleep: @Sendable () async -> Bool

    /// A longer duration counts as this one: a hundred years, which every clock can add to now. A negative one counts as none.
    private static let longest = Duration.seconds(100 * 365 * 24 * 60 * 60)

    init(in duration: Duration, on clock: any Clock<Duration>) {
        let duration = min(max(duration, .zero), Self.longest)
        sleep =
            switch clock {
            case is ContinuousClock: Self.sleep(for: duration, in: SystemSleeps.continuous)
            case is SuspendingClock: Self.sleep(for: duration, in: SystemSleeps.suspending)
            default: Self.sleep(for: duration, on: clock)
            }
    }

    /// Waits until the deadline; false when the task is cancelled before.
    func isReached() async -> Bool { await sleep() }

    private static func sleep<C>(for duration: Duration, in queue: SleepQueue<C>) -> @Sendable () async -> Bool {
        let instant = queue.clock.now.advanced(by: duration)
        return { await queue.sleep(until: instant) }
    }

    private static func sleep<C: Clock<Duration>>(
        for duration: Duration,
        on clock: C
    ) -> @Sendable () async -> Bool {
        let instant = clock.now.advanced(by: duration)
        return {
            do {
                try await clock.sleep(until: instant, tolerance: nil)
                return true
            } catch {
                return false
            }
        }
    }
}
