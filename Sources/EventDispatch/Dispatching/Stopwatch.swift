/// Measures durations for a report that is asked for them, and costs nothing otherwise.
struct Stopwatch: Sendable {
    /// Starts a measurement; what it returns ends it.
    private let start: (@Sendable () -> @Sendable () -> Duration)?

    /// Nil when the detail needs no durations.
    init(for detail: ReportDetail, _ clock: any Clock<Duration>) {
        start = detail == .all ? Self.starting(clock) : nil
    }

    var isRunning: Bool { start != nil }

    /// Starts a measurement; what it returns ends it. Nil when nothing is measured.
    func startMeasuring() -> (@Sendable () -> Duration)? { start?() }

    private static func starting<C: Clock<Duration>>(_ clock: C) -> @Sendable () -> @Sendable () -> Duration {
        {
            let begin = clock.now
            return { begin.duration(to: clock.now) }
        }
    }
}
