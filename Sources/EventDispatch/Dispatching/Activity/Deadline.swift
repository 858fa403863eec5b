/// A point in time on a clock, reckoned from when it was made.
struct Deadline: Sendable {
    private let sleep: @Sendable () async throws -> Void

    /// A longer duration counts as this one: a hundred years, which every clock can add to now. A negative one counts as none.
    private static let longest = Duration.seconds(100 * 365 * 24 * 60 * 60)

    init(in duration: Duration, on clock: any Clock<Duration>) {
        sleep = Self.sleep(for: min(max(duration, .zero), Self.longest), on: clock)
    }

    /// Waits until the deadline; false when the task is cancelled before.
    func isReached() async -> Bool {
        do {
            try await sleep()
            return true
        } catch {
            return false
        }
    }

    private static func sleep<C: Clock<Duration>>(
        for duration: Duration,
        on clock: C
    ) -> @Sendable () async throws -> Void {
        let instant = clock.now.advanced(by: duration)
        return { try await clock.sleep(until: instant, tolerance: nil) }
    }
}
