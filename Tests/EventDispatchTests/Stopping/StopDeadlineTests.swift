import EventDispatch
import EventDispatchTesting
import Testing

/// Line 11 of the contract: `stop(deadline:)` reports what is left.
@Suite(.timeLimit(.minutes(10))) struct StopDeadlineTests {
    private let clock = ManualClock()
    private let dispatcher: EventDispatcher
    private let journal = Journal()
    private let gate = Gate()
    private let tasks = SerialTasks()

    init() { dispatcher = EventDispatcher(clock: clock) }

    @Test func `at the deadline the report names what is left in the order of posting`() async throws {
        dispatcher.observe(with: DropObserver(journal: journal))
        let subscription = try dispatcher.on(Letter.self) { [gate] _ in await gate.waitIgnoringCancellation() }
        try await dispatcher.post(Letter(0))
        await gate.arrivals(1)
        try await dispatcher.post(Letter(1))
        try await dispatcher.post(UserCreated())
        try await dispatcher.post(Letter(2))
        let stop = await tasks.start { [dispatcher] in await dispatcher.stop(deadline: .seconds(5)) }
        await clock.sleepers(1)
        #expect(journal.entries.isEmpty)
        clock.advance(by: .seconds(5))
        let report = await stop.value
        #expect(report.undelivered == ["Letter", UserCreated.eventName, "Letter"])
        #expect(report.firesInProgress == 1)
        #expect(report.handlersOverrunning == 0)
        #expect(report.dropped == 3)
        #expect(!report.isComplete)
        #expect(journal.entries == ["1 undelivered", "-1 undelivered", "2 undelivered"])
        gate.open()
        await dispatcher.drain()
        subscription.cancel()
    }

    @Test func `before the deadline it waits`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [gate, journal] _ in
            await gate.waitIgnoringCancellation()
            journal.note("handled")
        }
        try await dispatcher.post(Letter(0))
        await gate.arrivals(1)
        let stop = await tasks.start { [dispatcher] in await dispatcher.stop(deadline: .seconds(5)) }
        await clock.sleepers(1)
        clock.advance(by: .milliseconds(4_999))
        gate.open()
        #expect(await stop.value.isComplete)
        #expect(journal.entries == ["handled"])
        subscription.cancel()
    }

    @Test func `what runs at the deadline goes on by itself`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [gate, journal] _ in
            await gate.waitIgnoringCancellation()
            journal.note("handled \(Task.isCancelled)")
        }
        try await dispatcher.post(Letter(0))
        await gate.arrivals(1)
        let stop = await tasks.start { [dispatcher] in await dispatcher.stop(deadline: .seconds(1)) }
        await clock.sleepers(1)
        clock.advance(by: .seconds(1))
        #expect(await stop.value.firesInProgress == 1)
        gate.open()
        #expect(await dispatcher.stop().isComplete)
        #expect(journal.entries == ["handled false"])
        subscription.cancel()
    }

    @Test(arguments: [Duration.zero, .seconds(-1), .seconds(-1_000_000_000)])
    func `a deadline that is over ends the wait without the clock`(deadline: Duration) async throws {
        let subscription = try dispatcher.on(Letter.self) { [gate] _ in await gate.waitIgnoringCancellation() }
        for number in 0..<2 { try await dispatcher.post(Letter(number)) }
        await gate.arrivals(1)
        let report = await dispatcher.stop(deadline: deadline)
        #expect(report.undelivered == ["Letter"])
        #expect(report.firesInProgress == 1)
        gate.open()
        subscription.cancel()
    }

    @Test(arguments: [Duration.zero, .seconds(-1)])
    func `a deadline that is over finds an idle dispatcher complete`(deadline: Duration) async {
        #expect(await dispatcher.stop(deadline: deadline).isComplete)
    }

    @Test func `a handler that ignored its timeout is known at the deadline`() async throws {
        let subscription = try await overrunning()
        let stop = await tasks.start { [dispatcher] in await dispatcher.stop(deadline: .seconds(5)) }
        await clock.sleepers(1)
        clock.advance(by: .seconds(5))
        let report = await stop.value
        #expect(report.handlersOverrunning == 1)
        #expect(report.firesInProgress == 0)
        #expect(report.undelivered.isEmpty)
        #expect(!report.isComplete)
        gate.open()
        subscription.cancel()
    }

    @Test func `stop waits for a handler that ignored its timeout`() async throws {
        let subscription = try await overrunning()
        let stop = await tasks.start { [dispatcher, journal] in
            let report = await dispatcher.stop()
            journal.note("stopped")
            return report
        }
        #expect(journal.entries.isEmpty)
        gate.open()
        let report = await stop.value
        #expect(report.handlersOverrunning == 0)
        #expect(report.isComplete)
        #expect(journal.entries == ["handled", "stopped"])
        subscription.cancel()
    }

    @Test func `after the wait the deadline leaves nobody asleep`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [gate] _ in await gate.waitIgnoringCancellation() }
        try await dispatcher.post(Letter(0))
        await gate.arrivals(1)
        let stop = await tasks.start { [dispatcher] in await dispatcher.stop(deadline: .seconds(5)) }
        await clock.sleepers(1)
        gate.open()
        _ = await stop.value
        clock.advance(by: .seconds(10))
        dispatcher.start()
        try await dispatcher.post(Letter(1))
        await dispatcher.drain()
        #expect(await dispatcher.stop(deadline: .seconds(5)).isComplete)
        subscription.cancel()
    }

    @Test func `an event that was accepted after a restart is not dropped by the stop before it`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [gate, journal] letter in
            await gate.waitIgnoringCancellation()
            journal.note("\(letter.number)")
        }
        try await dispatcher.post(Letter(0))
        await gate.arrivals(1)
        let stop = await tasks.start { [dispatcher] in await dispatcher.stop(deadline: .seconds(5)) }
        await clock.sleepers(1)
        dispatcher.start()
        try await dispatcher.post(Letter(1))
        clock.advance(by: .seconds(5))
        let report = await stop.value
        gate.open()
        await dispatcher.drain()
        #expect(report.undelivered.isEmpty)
        #expect(journal.entries == ["0", "1"])
        subscription.cancel()
    }

    /// Leaves a handler behind that ignores its time-out and waits at the gate.
    private func overrunning() async throws -> EventSubscription {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { [gate, journal] _ in
                    await gate.waitIgnoringCancellation()
                    journal.note("handled")
                }.timeout(.seconds(1), grace: .zero)
            }
        }
        let fire = Task { [dispatcher] in try await dispatcher.fireReporting(Ping()) }
        await gate.arrivals(1)
        await clock.sleepers(1)
        clock.advance(by: .seconds(1))
        let report = try await fire.value
        #expect(report.outcomes.map(\.result.description) == ["timed out, still running"])
        return subscription
    }
}
