import CEventDispatch

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

/// Lets many tasks sleep on one clock, where a sleep that is cancelled leaves nothing behind.
///
/// The clocks of the standard library leave the job of a cancelled sleep among the runtime's timers until its time has passed: some
/// hundred bytes for each, for as long as a time-out that was never needed. So tasks wait here, and a few sleeps of the clock, which are
/// never cancelled, wake them.
///
/// They are few because a sleep of the clock begins only when none that is under way ends early enough, and then ends no later than half
/// way to the earliest of these: each is at most half as long as what is left of the one before. A hundred years are halved 62 times
/// until a nanosecond is left.
package final class SleepQueue<C: Clock>: Sendable where C.Duration == Duration {
    private typealias Continuation = CheckedContinuation<Bool, Never>

    private struct State: Sendable {
        var sleepers = CancellableWaits<Continuation>()
        /// The deadlines of the sleepers, and of some that were cancelled.
        var deadlines = EarliestFirst<C.Instant>()
        /// When the sleeps of the clock end that are under way, the earliest last.
        var wakes: [C.Instant] = []

        /// When another sleep of the clock has to end; nil where those under way will do.
        mutating func beginWake(_ now: C.Instant) -> C.Instant? {
            guard let deadline = deadlines.first?.deadline else { return nil }
            var wake = deadline
            if let earliest = wakes.last {
                guard deadline < earliest else { return nil }
                wake = min(deadline, now.advanced(by: now.duration(to: earliest) / 2))
            }
            wakes.append(wake)
            return wake
        }
    }

    package let clock: C
    private let state = Locked(State())

    package init(_ clock: C) { self.clock = clock }

    /// How many tasks sleep.
    package var sleepers: Int { state.withLock { $0.sleepers.count } }

    /// Suspends until a point in time; returns false when the task is cancelled before.
    package func sleep(until deadline: C.Instant) async -> Bool {
        let id = state.withLock { $0.sleepers.begin() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isAsleep = state.withLock { state in
                    guard state.sleepers.add(continuation, to: id) else { return false }
                    state.deadlines.insert(deadline, id)
                    return true
                }
                if isAsleep { wakeThoseThatAreDue() } else { continuation.resume(returning: false) }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.cancel(id)
                state.deadlines.removeAll(but: state.sleepers.count) { state.sleepers.isWaiting($0) }
                return sleeper
            }
            sleeper?.resume(returning: false)
        }
    }

    /// Wakes the sleepers whose deadlines have come, and sees to it that the others are.
    private func wakeThoseThatAreDue(afterWakeAt wake: C.Instant? = nil) {
        let now = clock.now
        let (due, next) = state.withLock { state in
            if let index = state.wakes.lastIndex(where: { $0 == wake }) { state.wakes.remove(at: index) }
            var due: [Continuation] = []
            while let (deadline, id) = state.deadlines.first, deadline <= now || !state.sleepers.isWaiting(id) {
                state.deadlines.removeFirst()
                if let sleeper = state.sleepers.end(id) { due.append(sleeper) }
            }
            return (due, state.beginWake(now))
        }
        for sleeper in due { sleeper.resume(returning: true) }
        guard let next else { return }
        Task.detached { [self] in
            try? await clock.sleep(until: next, tolerance: nil)
            wakeThoseThatAreDue(afterWakeAt: next)
        }
    }
}

/// Deadlines by their order: a binary heap.
private struct EarliestFirst<Instant: Comparable & Sendable>: Sendable {
    private var heap: [(deadline: Instant, id: Int)] = []

    var first: (deadline: Instant, id: Int)? { heap.first }

    mutating func insert(_ deadline: Instant, _ id: Int) {
        heap.append((deadline, id))
        var child = heap.endIndex - 1
        while child > 0, heap[child].deadline < heap[(child - 1) / 2].deadline {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeFirst() {
        heap.swapAt(0, heap.endIndex - 1)
        heap.removeLast()
        siftDown(from: 0)
    }

    /// Forgets those that a condition does not name, when they are more than those it names, of which there are `count`. So forgetting
    /// one takes constant time on average.
    mutating func removeAll(but count: Int, _ isKept: (Int) -> Bool) {
        guard heap.count > 2 * count + 16 else { return }
        heap = heap.filter { isKept($0.id) }
        for parent in heap.indices.prefix(heap.count / 2).reversed() { siftDown(from: parent) }
    }

    private mutating func siftDown(from index: Int) {
        var parent = index
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.endIndex && heap[child].deadline < heap[least].deadline { least = child }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}

/// Where tasks sleep on the clocks of the standard library.
package enum SystemSleeps {
    package static let continuous = SleepQueue(ContinuousClock())
    package static let suspending = SleepQueue(SuspendingClock())
}

/// Measures durations, on whatever clock.
enum Stopwatch: Sendable {
    /// The clock of the standard library, which the system reads faster than that does.
    case system(UInt64)
    case other(@Sendable () -> Duration)

    /// Starts measuring.
    init(on clock: any Clock<Duration>) {
        self = clock is ContinuousClock ? .system(ed_nanoseconds()) : .other(Self.measuring(clock))
    }

    /// How long ago it was started.
    func callAsFunction() -> Duration {
        switch self {
        case .system(let start): .nanoseconds(Int64(bitPattern: ed_nanoseconds() &- start))
        case .other(let elapsed): elapsed()
        }
    }

    private static func measuring<C: Clock<Duration>>(_ clock: C) -> @Sendable () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }
}
