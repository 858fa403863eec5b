import EventDispatch

/// A clock that stands still until a test moves it: for time-outs and deadlines without waiting for them.
///
/// ```swift
/// let clock = ManualClock()
/// let dispatcher = EventDispatcher(clock: clock)
/// clock.advance(by: .seconds(5))
/// ```
public final class ManualClock: Clock, Sendable {
    /// A point in time: how long after the clock was made.
    public struct Instant: InstantProtocol {
        /// The time since the clock was made.
        public let offset: Duration

        /// Makes a point in time from the time since the clock was made.
        public init(offset: Duration) { self.offset = offset }

        /// The point in time that is a duration later.
        public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }

        /// How much later another point in time is.
        public func duration(to other: Instant) -> Duration { other.offset - offset }

        /// Whether a point in time is earlier than another.
        public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let state = Locked(ManualClockState())

    /// Makes a clock.
    public init() {}

    /// The time, as far as the clock was advanced.
    public var now: Instant { state.withLock { $0.now } }

    /// No time is too short for this clock.
    public var minimumResolution: Duration { .zero }

    /// Suspends until the clock has been advanced to a point in time.
    ///
    /// - Parameters:
    ///   - deadline: the point in time.
    ///   - tolerance: not used.
    /// - Throws: `CancellationError` when the calling task is cancelled.
    public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let sleeper = state.withLock { $0.nextSleeper() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                for ready in state.withLock({ $0.sleep(sleeper, until: deadline, continuation) }) { ready.resume() }
            }
        } onCancel: {
            state.withLock { $0.wake(sleeper) }?.resume()
        }
        try Task.checkCancellation()
    }

    /// Moves the clock forward, and wakes those whose time has come, the earliest first.
    public func advance(by duration: Duration) {
        for sleeper in state.withLock({ $0.advance(by: duration) }) { sleeper.resume() }
    }

    /// Waits until at least a number of tasks sleep on this clock.
    public func sleepers(_ count: Int) async {
        await withCheckedContinuation { continuation in
            for ready in state.withLock({ $0.awaitSleepers(count, continuation) }) { ready.resume() }
        }
    }
}
