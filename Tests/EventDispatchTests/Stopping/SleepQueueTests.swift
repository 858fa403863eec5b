import EventDispatch
import EventDispatchTesting
import Testing

/// What time-outs and deadlines leave behind on the system's clocks, where a cancelled sleep stays until its time has passed.
@Suite(.timeLimit(.minutes(10))) struct SleepQueueTests {
    /// A clock that counts the sleeps on it that have begun.
    private struct CountedClock: Clock {
        let base = ManualClock()
        let begun = Tally()

        var now: ManualClock.Instant { base.now }
        var minimumResolution: Duration { base.minimumResolution }

        func sleep(until deadline: ManualClock.Instant, tolerance: Duration?) async throws {
            begun.increment()
            try await base.sleep(until: deadline, tolerance: tolerance)
        }
    }

    private let clock = CountedClock()
    private let queue: SleepQueue<CountedClock>
    private let tasks = SerialTasks()

    init() { queue = SleepQueue(clock) }

    /// Begins to sleep, and returns when that is so.
    private func sleep(_ seconds: Double) async -> Task<Bool, Never> {
        let deadline = clock.now.advanced(by: .seconds(seconds))
        return await tasks.start { [queue] in await queue.sleep(until: deadline) }
    }

    @Test func `a thousand sleeps that are cancelled take one sleep of the clock`() async {
        for _ in 0..<1_000 {
            let sleep = await sleep(60)
            sleep.cancel()
            #expect(await !sleep.value)
        }
        await clock.base.sleepers(1)
        #expect(clock.begun.value == 1)
        clock.base.advance(by: .seconds(60))
    }

    @Test func `each sleep ends at its own time`() async {
        let ended = Journal()
        for seconds in [5.0, 3, 9, 1, 7, 3] {
            let sleep = await sleep(seconds)
            Task { ended.note("\(await sleep.value ? seconds : -1)") }
        }
        for second in 1...9 {
            clock.base.advance(by: .seconds(1))
            let due = [1: 1, 3: 3, 5: 4, 7: 5, 9: 6][second]
            if let due { #expect(await comesTrue { ended.entries.count == due }) }
        }
        #expect(ended.entries == ["1.0", "3.0", "3.0", "5.0", "7.0", "9.0"])
    }

    @Test func `a sleep ends at its time beside others that were cancelled`() async {
        let cancelled = [await sleep(2), await sleep(4), await sleep(6)]
        let sleep = await sleep(5)
        for sleep in cancelled { sleep.cancel() }
        for sleep in cancelled { #expect(await !sleep.value) }
        let hasEnded = Flag()
        Task {
            if await sleep.value { hasEnded.set() }
        }
        clock.base.advance(by: .milliseconds(4_999))
        #expect(!hasEnded.isSet)
        clock.base.advance(by: .milliseconds(1))
        #expect(await comesTrue { hasEnded.isSet })
    }

    @Test func `sleeps of the clock that are under way are few whatever the deadlines`() async {
        for step in 0..<1_000 {
            let sleep = await sleep(3_600 - Double(step))
            sleep.cancel()
            #expect(await !sleep.value)
        }
        // Each is at most half as long as the one before: an hour is halved a dozen times until a second is left.
        #expect(clock.begun.value <= 13)
        clock.base.advance(by: .seconds(3_600))
    }

    @Test func `a sleep whose time has passed ends at once`() async {
        #expect(await queue.sleep(until: clock.now))
        #expect(await queue.sleep(until: clock.now.advanced(by: .seconds(-1))))
    }

    @Test func `a task that is cancelled already does not sleep`() async {
        let sleep = Task { [queue, clock] in
            withUnsafeCurrentTask { $0?.cancel() }
            return await queue.sleep(until: clock.now.advanced(by: .seconds(1)))
        }
        #expect(await !sleep.value)
    }

    @Test func `time outs on the system's clocks sleep in a queue that forgets them when they are over`() async throws {
        let dispatcher = EventDispatcher(clock: SuspendingClock())
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in
                    let sleeps = await comesTrue { SystemSleeps.suspending.sleepers > 0 }
                    #expect(sleeps)
                }
                .timeout(.seconds(3_600))
            }
        }
        try await dispatcher.fire(Ping())
        #expect(await comesTrue { SystemSleeps.suspending.sleepers == 0 })
        subscription.cancel()
    }

    @Test func `timeouts work on the system's clocks`() async throws {
        for clock in [ContinuousClock(), SuspendingClock()] as [any Clock<Duration>] {
            let dispatcher = EventDispatcher(clock: clock)
            let gate = Gate()
            let subscription = try dispatcher.subscribe {
                On(Ping.self) { Handle { _ in try await gate.wait() }.timeout(.milliseconds(1), grace: .seconds(600)) }
            }
            let report = try await dispatcher.fireReporting(Ping())
            #expect(report.outcomes.map { "\($0.result)" } == ["timed out"])
            subscription.cancel()
        }
    }
}
