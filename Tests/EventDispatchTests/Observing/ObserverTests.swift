import EventDispatch
import EventDispatchTesting
import Testing

/// What observers are told, and in which order.
@Suite(.timeLimit(.minutes(10))) struct ObserverTests {
    private let clock = ManualClock()
    private let dispatcher: EventDispatcher
    private let journal = Journal()
    private let gate = Gate()

    private struct Failure: Error {}

    /// An event with a short name.
    private struct Bell: MatchableEvent {
        static var eventName: String { "Bell" }
        var number = 0
    }

    init() {
        dispatcher = EventDispatcher(name: "orders", clock: clock)
        dispatcher.observe(with: JournalObserver(journal: journal))
    }

    @Test func `a synchronous handlers fire is told from beginning to end`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Bell.self) {
                Handle("a") { _ in journal.note("a runs") }
                Phase(.after) { Handle("b") { _ in } }
            }
        }
        let expected = [
            "fire Bell", "start Bell a during", "a runs", "end Bell a during succeeded",
            "start Bell b after", "end Bell b after succeeded", "done Bell 2/2",
        ]
        try dispatcher.fireSynchronously(Bell())
        #expect(journal.entries == expected)
        try await dispatcher.fire(Bell())
        #expect(journal.entries == expected + expected)
        subscription.cancel()
    }

    @Test func `an asynchronous handler's end is told when it ends`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Bell.self) {
                Handle("a") { _ in
                    await Task.yield()
                    journal.note("a runs")
                }
            }
        }
        try await dispatcher.fire(Bell())
        #expect(
            journal.entries == [
                "fire Bell", "start Bell a during", "a runs", "end Bell a during succeeded", "done Bell 1/1",
            ]
        )
        subscription.cancel()
    }

    @Test func `handlers side by side are told to start in order and to end as they end`() async throws {
        let first = Gate()
        let second = Gate()
        let subscription = try dispatcher.subscribe {
            On(Bell.self) {
                Handle("a") { _ in try await first.wait() }
                Handle("b") { _ in try await second.wait() }
                Handle("c") { _ in }
            }
        }
        let fire = Task { [dispatcher] in try await dispatcher.fire(Bell()) }
        await first.arrivals(1)
        await second.arrivals(1)
        second.open()
        let bHasEnded = await comesTrue { [journal] in journal.entries.contains("end Bell b during succeeded") }
        #expect(bHasEnded)
        first.open()
        _ = try await fire.value
        #expect(
            journal.entries.filter { !$0.contains(" c ") } == [
                "fire Bell", "start Bell a during", "start Bell b during", "end Bell b during succeeded",
                "end Bell a during succeeded", "done Bell 3/3",
            ]
        )
        let starts = journal.entries.filter { $0.hasPrefix("start") }
        #expect(starts == ["a", "b", "c"].map { "start Bell \($0) during" })
        subscription.cancel()
    }

    @Test func `a failing handlers outcome holds its error`() throws {
        let subscription = try dispatcher.subscribe { On(Bell.self) { Handle("a") { _ in throw Failure() } } }
        #expect(throws: DispatchFailure.self) { try dispatcher.fireSynchronously(Bell()) }
        #expect(
            journal.entries == [
                "fire Bell", "start Bell a during", "end Bell a during failed: Failure()", "done Bell 1/0",
            ]
        )
        subscription.cancel()
    }

    @Test func `a handler that timed out is told once also when it ends late`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Bell.self) {
                Handle("a") { [gate] _ in await gate.waitIgnoringCancellation() }.timeout(.seconds(1), grace: .zero)
            }
        }
        let fire = Task { [dispatcher] in try await dispatcher.fireReporting(Bell()) }
        await gate.arrivals(1)
        await clock.sleepers(1)
        clock.advance(by: .seconds(1))
        _ = try await fire.value
        gate.open()
        await dispatcher.stop()
        #expect(
            journal.entries == [
                "fire Bell", "start Bell a during", "end Bell a during timed out, still running", "done Bell 1/0",
                "overrun Bell a during",
            ]
        )
        subscription.cancel()
    }

    @Test func `handlers that did not start are not told`() throws {
        let cancelled = SubscriptionBag()
        let subscription = try dispatcher.subscribe {
            On(Bell.self) {
                Handle("a") { _ in cancelled.cancel() }
                Phase(.after) { Handle("c") { _ in DispatchContext.current?.stop() } }
            }
        }
        cancelled.insert(try dispatcher.subscribe { On(Bell.self) { Handle("b") { _ in } } })
        let last = try dispatcher.subscribe { On(Bell.self) { Phase(.after) { Handle("d") { _ in } } } }
        try dispatcher.fireSynchronously(Bell())
        #expect(
            journal.entries == [
                "fire Bell", "start Bell a during", "end Bell a during succeeded",
                "start Bell c after", "end Bell c after succeeded", "done Bell 4/2",
            ]
        )
        subscription.cancel()
        last.cancel()
    }

    @Test func `an unhandled event is told between the beginning and the end of its fire`() async throws {
        try await dispatcher.fire(Bell())
        #expect(journal.entries == ["fire Bell", "unhandled Bell", "done Bell 0/0"])
    }

    @Test func `a posted event's fire is told like any other`() async throws {
        let subscription = try dispatcher.subscribe { On(Bell.self) { Handle("a") { _ in throw Failure() } } }
        try await dispatcher.post(Bell())
        await dispatcher.drain()
        #expect(
            journal.entries == [
                "fire Bell", "start Bell a during", "end Bell a during failed: Failure()", "done Bell 1/0",
            ]
        )
        subscription.cancel()
    }

    @Test func `a nested fire is told inside its handler with its path`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Letter.self) { Handle("outer") { [dispatcher] _ in try dispatcher.fireSynchronously(Bell()) } }
            On(Bell.self) { Handle("inner") { _ in } }
        }
        try await dispatcher.fire(Letter(1))
        #expect(
            journal.entries == [
                "fire Letter", "start Letter outer during",
                "fire Letter>Bell", "start Letter>Bell inner during", "end Letter>Bell inner during succeeded",
                "done Letter>Bell 1/1",
                "end Letter outer during succeeded", "done Letter 1/1",
            ]
        )
        subscription.cancel()
    }

    @Test func `a refused fire is not told`() async throws {
        let subscription = try dispatcher.subscribe { On(Bell.self) { Handle("a") { _ in await Task.yield() } } }
        #expect(throws: DispatchError.self) { try dispatcher.fireSynchronously(Bell()) }
        await dispatcher.stop()
        await #expect(throws: DispatchError.self) { try await dispatcher.fire(Bell()) }
        #expect(journal.entries.isEmpty)
        subscription.cancel()
    }

    @Test func `the fire tells the event and the dispatcher's name`() throws {
        final class Witness: DispatchObserver {
            let fires = Locked<[ObservedFire]>([])
            func fireStarted(_ fire: ObservedFire) { fires.withLock { $0.append(fire) } }
        }
        let witness = Witness()
        dispatcher.observe(with: witness)
        try dispatcher.fireSynchronously(Bell(number: 7))
        let fire = try #require(witness.fires.withLock { $0.first })
        #expect((fire.event as? Bell)?.number == 7)
        #expect(fire.dispatcherName == "orders")
        #expect(fire.eventName == "Bell" && fire.path == ["Bell"])
    }

    @Test func `durations are set on the dispatcher's clock`() async throws {
        let durations = Journal()
        dispatcher.observe(with: DurationObserver(journal: durations))
        let subscription = try dispatcher.subscribe {
            On(Bell.self) {
                Handle("a") { _ in clock.advance(by: .seconds(2)) }
                Handle("b") { _ in
                    await Task.yield()
                    clock.advance(by: .seconds(3))
                    throw Failure()
                }
            }
        }
        let report = try await dispatcher.fireReporting(Bell())
        #expect(durations.entries == ["a 2.0 seconds", "b 3.0 seconds"])
        #expect(report.duration == nil)
        subscription.cancel()
    }

    @Test func `after its observation is cancelled an observer is told nothing`() async throws {
        let other = Journal()
        let observation = dispatcher.observe(with: JournalObserver(journal: other))
        observation.cancel()
        observation.cancel()
        try await dispatcher.fire(Bell())
        try await dispatcher.post(Bell())
        await dispatcher.stop()
        #expect(throws: DispatchError.self) { _ = try dispatcher.postNow(Bell()) }
        #expect(other.entries.isEmpty)
        #expect(!journal.entries.isEmpty)
    }

    @Test func `cancelling one observation leaves the others`() throws {
        let others = [Journal(), Journal(), Journal()]
        let observations = others.map { dispatcher.observe(with: JournalObserver(journal: $0)) }
        observations[1].cancel()
        try dispatcher.fireSynchronously(Bell())
        #expect(others.map(\.entries.isEmpty) == [false, true, false])
    }

    @Test func `every observer is told in the order in which they were added`() throws {
        let order = Journal()
        struct Numbered: DispatchObserver {
            let number: Int
            let journal: Journal
            func fireStarted(_ fire: ObservedFire) { journal.note("\(number)") }
        }
        for number in 1...3 { dispatcher.observe(with: Numbered(number: number, journal: order)) }
        try dispatcher.fireSynchronously(Bell())
        #expect(order.entries == ["1", "2", "3"])
    }

    @Test func `without observers no clock is read`() async throws {
        struct CountingClock: Clock {
            let reads: Tally
            var now: ManualClock.Instant {
                reads.increment()
                return .init(offset: .zero)
            }
            var minimumResolution: Duration { .zero }
            func sleep(until deadline: ManualClock.Instant, tolerance: Duration?) async throws {}
        }
        let reads = Tally()
        let dispatcher = EventDispatcher(clock: CountingClock(reads: reads))
        let subscription = try dispatcher.on(Bell.self) { _ in }
        try await dispatcher.fire(Bell())
        #expect(reads.value == 0)
        dispatcher.observe(with: JournalObserver(journal: journal)).cancel()
        try await dispatcher.fire(Bell())
        #expect(reads.value == 0)
        subscription.cancel()
    }

    @Test func `an observer is freed with its observation`() {
        final class Witness: DispatchObserver {}
        weak var witness: Witness?
        let observation = {
            let object = Witness()
            witness = object
            return dispatcher.observe(with: object)
        }()
        #expect(witness != nil)
        observation.cancel()
        #expect(witness == nil)
    }

    @Test func `an observation outlives its dispatcher harmlessly`() {
        let observation = EventDispatcher().observe(with: JournalObserver(journal: journal))
        observation.cancel()
    }

    @Test func `observers come and go while many fire`() async throws {
        let subscription = try dispatcher.on(Bell.self) { _ in }
        let counts = Tally()
        struct Counting: DispatchObserver {
            let counts: Tally
            func fireStarted(_ fire: ObservedFire) { counts.increment() }
        }
        let dispatcher = EventDispatcher()
        let always = dispatcher.observe(with: Counting(counts: counts))
        await withDiscardingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask { for _ in 0..<2_000 { _ = try? dispatcher.fireSynchronously(Bell()) } }
                group.addTask {
                    for _ in 0..<500 { dispatcher.observe(with: JournalObserver(journal: Journal())).cancel() }
                }
            }
        }
        #expect(counts.value == 8_000)
        always.cancel()
        subscription.cancel()
    }
}

/// Notes the durations of handlers.
private struct DurationObserver: DispatchObserver {
    let journal: Journal

    func handlerFinished(_ outcome: HandlerOutcome, in fire: ObservedFire) {
        journal.note("\(outcome.handler.name) \(outcome.duration.map { "\($0)" } ?? "none")")
    }
}
