/// Measures durations, on whatever clock.
struct Stopwatch: Sendable {
    private let elapsed: @Sendable () -> Duration

    /// Starts measuring.
    init(on clock: any Clock<Duration>) { elapsed = Self.measuring(clock) }

    /// How long ago it was started.
    func callAsFunction() -> Duration { elapsed() }

    private static func measuring<C: Clock<Duration>>(_ clock: C) -> @Sendable () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }
}
