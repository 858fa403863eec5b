import EventDispatch
import Foundation

/// Tells a store the time, and lets it wait.
///
/// Tests make one of a `ManualClock` and move it: no retry, lease or retention is waited for.
public struct StoreClock: Sendable {
    /// The clock that durations are measured on; the dispatchers of subscriptions have it too.
    let clock: any Clock<Duration>
    private let readTime: @Sendable () -> StoreTime
    private let sleepUntil: @Sendable (StoreTime) async -> Bool

    /// The time of the system.
    public static let system = StoreClock()

    /// The time that it was somewhen, and what has passed since on a clock.
    ///
    /// - Parameters:
    ///   - clock: the clock.
    ///   - start: the time that it is when the clock is handed over.
    public init(_ clock: any Clock<Duration>, startingAt start: Date = Date(timeIntervalSince1970: 0)) {
        self.init(following: clock, from: StoreTime(start))
    }

    private init<C: Clock<Duration>>(following clock: C, from time: StoreTime) {
        self.clock = clock
        let start = clock.now
        readTime = { time + start.duration(to: clock.now) }
        sleepUntil = { wake in
            do {
                try await clock.sleep(until: start.advanced(by: wake - time), tolerance: nil)
                return true
            } catch {
                return false
            }
        }
    }

    private init() {
        clock = ContinuousClock()
        readTime = { StoreTime(Date()) }
        sleepUntil = { wake in
            let pause = wake - StoreTime(Date())
            return await SystemSleeps.continuous.sleep(until: ContinuousClock.now.advanced(by: pause))
        }
    }

    /// The time.
    public var now: StoreTime { readTime() }

    /// Waits until a time; false when the task is cancelled before. A time that is more than a century off is one that doesn't come.
    func sleep(until time: StoreTime) async -> Bool { await sleepUntil(min(time, now + .seconds(3_200_000_000))) }
}
