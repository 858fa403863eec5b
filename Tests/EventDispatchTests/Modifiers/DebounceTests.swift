import EventDispatch
import EventDispatchTesting
import Testing

/// Handlers that start when no further event has come for a time.
@Suite(.timeLimit(.minutes(10))) struct DebounceTests {
    @TaskLocal static var request = "none"

    private let clock = ManualClock()
    private let dispatcher: EventDispatcher
    private let journal = Journal()
    private let bag = SubscriptionBag()

    init() { dispatcher = EventDispatcher(clock: clock) }

    private func subscribe(@SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration]) throws {
        bag.insert(try dispatcher.subscribe(declarations))
    }

    private func note(_ event: Ping) { journal.note("\(event.count) at \(clock.now.offset.components.seconds)") }

    /// Moves the clock, once the timers of so many pending starts run on it, and waits until what it starts has ended.
    private func pass(_ seconds: Int, sleepers: Int = 1) async {
        await clock.sleepers(sleepers)
        clock.advance(by: .seconds(seconds))
    }

    @Test func `it starts for the last event once no other has come for the time`() async throws {
        try subscribe { On(Ping.self) { Handle { event in note(event) }.debounce(.seconds(3)) } }
        for count in 1...3 {
            let report = try await dispatcher.fire(Ping(count: count))
            #expect(report.outcomes.map { "\($0.result)" } == ["detached"])
            await pass(2)
        }
        #expect(journal.entries.isEmpty)
        await pass(1)
        #expect(await comesTrue { !journal.entries.isEmpty })
        #expect(journal.entries == ["3 at 7"])
        try await dispatcher.fire(Ping(count: 4))
        await pass(3)
        #expect(await comesTrue { journal.entries.count == 2 })
        #expect(journal.entries == ["3 at 7", "4 at 10"])
    }

    @Test func `an event whose time has come is not superseded however late its timer is`() async throws {
        try subscribe { On(Ping.self) { Handle { event in note(event) }.debounce(.seconds(3)) } }
        // Nobody has waited for the timer to sleep, so it may not have begun to.
        try dispatcher.fireSynchronously(Ping(count: 1))
        clock.advance(by: .seconds(3))
        try dispatcher.fireSynchronously(Ping(count: 2))
        #expect(await comesTrue { !journal.entries.isEmpty })
        #expect(journal.entries == ["1 at 3"])
        await dispatcher.stop()
        #expect(journal.entries == ["1 at 3", "2 at 3"])
    }

    @Test func `values of a key wait for themselves`() async throws {
        try subscribe {
            On(Letter.self) {
                Handle { event in journal.note("\(event.producer): \(event.number)") }.debounce(
                    .seconds(3),
                    per: \.producer
                )
            }
        }
        try await dispatcher.fire(Letter(1, of: 1))
        await pass(2)
        try await dispatcher.fire(Letter(2, of: 2))
        try await dispatcher.fire(Letter(3, of: 2))
        await pass(1, sleepers: 2)
        #expect(await comesTrue { journal.entries.count == 1 })
        await pass(2)
        #expect(await comesTrue { journal.entries.count == 2 })
        #expect(journal.entries == ["1: 1", "2: 3"])
    }

    @Test func `past its capacity the value that waits longest starts at once and is counted`() async throws {
        try subscribe {
            On(Letter.self) {
                Handle { event in journal.note("\(event.producer): \(event.number)") }
                    .debounce(.seconds(3), per: \.producer, capacity: 2)
            }
        }
        for producer in 1...3 { try await dispatcher.fire(Letter(producer, of: producer)) }
        #expect(await comesTrue { !journal.entries.isEmpty })
        #expect(journal.entries == ["1: 1"])
        #expect(dispatcher.handlers.map(\.forgottenKeys) == [1])
        await dispatcher.stop()
        #expect(Set(journal.entries) == ["1: 1", "2: 2", "3: 3"])
    }

    @Test func `a stop starts at once what waits and waits for it`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle { event in
                    await Task.yield()
                    note(event)
                }
                .debounce(.seconds(60), per: \.count)
            }
        }
        for count in 1...3 { try await dispatcher.fire(Ping(count: count)) }
        let report = await dispatcher.stop()
        #expect(report.isComplete)
        #expect(Set(journal.entries) == ["1 at 0", "2 at 0", "3 at 0"])
    }

    @Test func `what comes while the dispatcher stops starts at once`() async throws {
        let gate = Gate()
        try subscribe {
            On(Ping.self) { Handle { event in note(event) }.debounce(.seconds(60)) }
            On(Letter.self) {
                Handle { _ in
                    await gate.waitIgnoringCancellation()
                    try await DispatchContext.current?.dispatcher.fire(Ping(count: 7))
                }
            }
        }
        async let fire = dispatcher.fire(Letter(1))
        await gate.arrivals(1)
        async let report = dispatcher.stop()
        #expect(await comesTrue { dispatcher.refuses(UserCreated()) })
        gate.open()
        _ = try await fire
        #expect(await report.isComplete)
        #expect(journal.entries == ["7 at 0"])
    }

    @Test func `one that starts itself again and again ends with the stop`() async throws {
        let dispatcher = EventDispatcher(clock: clock, maximumDepth: 8)
        dispatcher.observe(with: JournalObserver(journal: journal))
        let runs = Tally()
        let subscription = try dispatcher.on(
            Ping.self,
            Handle("poll") { _ in
                runs.increment()
                try await DispatchContext.current?.dispatcher.fire(Ping())
            }
            .debounce(.seconds(3))
        )
        try await dispatcher.fire(Ping())
        #expect(await dispatcher.stop().isComplete)
        #expect((1...9).contains(runs.value))
        #expect(journal.entries.contains { $0.hasSuffix("poll during skipped: stopping") })
        subscription.cancel()
    }

    @Test func `drain doesn't wait for what has not started`() async throws {
        try subscribe { On(Ping.self) { Handle { event in note(event) }.debounce(.seconds(60)) } }
        try await dispatcher.post(Ping(count: 1))
        await dispatcher.drain()
        #expect(journal.entries.isEmpty)
        await dispatcher.stop()
        #expect(journal.entries == ["1 at 0"])
    }

    @Test func `a dispatcher that nobody holds lives until what waits has started`() async throws {
        var dispatcher: EventDispatcher? = EventDispatcher(clock: clock)
        weak let held = dispatcher
        let subscription = try dispatcher?.on(Ping.self, Handle { event in note(event) }.debounce(.seconds(3)))
        try await dispatcher?.fire(Ping(count: 1))
        dispatcher = nil
        #expect(held != nil)
        await pass(3)
        #expect(await comesTrue { held == nil })
        #expect(journal.entries == ["1 at 3"])
        subscription?.cancel()
    }

    @Test func `after a cancellation it doesn't start and observers are told`() async throws {
        dispatcher.observe(with: JournalObserver(journal: journal))
        let subscription = try dispatcher.on(Ping.self, Handle("save") { event in note(event) }.debounce(.seconds(3)))
        try await dispatcher.fire(Ping(count: 1))
        await subscription.cancelAndWait()
        await pass(3)
        #expect(await comesTrue { journal.entries.contains { $0.hasSuffix("save during skipped: unsubscribed") } })
        #expect(!journal.entries.contains("1 at 3"))
        // What was refused doesn't count as running.
        #expect(await ends { await subscription.cancelAndWait() })
    }

    @Test func `a handler whose owner has gone doesn't start`() async throws {
        final class Owner: Sendable {}
        dispatcher.observe(with: JournalObserver(journal: journal))
        var owner: Owner? = Owner()
        weak let held = owner
        bag.insert(
            try dispatcher.on(
                Ping.self,
                Handle("save", weak: owner!) { _, event in note(event) }.debounce(.seconds(3))
            )
        )
        try await dispatcher.fire(Ping(count: 1))
        owner = nil
        #expect(held == nil)
        await pass(3)
        #expect(await comesTrue { journal.entries.contains { $0.hasSuffix("save during skipped: ownerGone") } })
        #expect(!journal.entries.contains("1 at 3"))
    }

    @Test func `observers are told of an event that another supersedes`() async throws {
        dispatcher.observe(with: JournalObserver(journal: journal))
        try subscribe { On(Ping.self) { Handle("save") { event in note(event) }.debounce(.seconds(3)) } }
        try await dispatcher.fire(Ping(count: 1))
        try await dispatcher.fire(Ping(count: 2))
        #expect(journal.entries.count { $0.hasSuffix("save during skipped: superseded") } == 1)
        await dispatcher.stop()
        #expect(journal.entries.contains("2 at 0"))
    }

    @Test func `the claim of an event that another supersedes is given back at once`() async throws {
        try subscribe { On(Ping.self) { Handle { event in note(event) }.debounce(.seconds(3)).limit(2) } }
        for count in 1...9 { #expect(try await dispatcher.fire(Ping(count: count)).matched == 1) }
        #expect(dispatcher.handlers.map(\.limitLeft) == [1])
        await dispatcher.stop()
        #expect(journal.entries == ["9 at 0"])
        #expect(dispatcher.handlers.map(\.limitLeft) == [1])
    }

    @Test func `a limit of one keeps the first event because the one that waits has the start`() async throws {
        try subscribe { On(Ping.self) { Handle { event in note(event) }.once().debounce(.seconds(3)) } }
        for count in 1...3 { try await dispatcher.fire(Ping(count: count)) }
        await dispatcher.stop()
        #expect(journal.entries == ["1 at 0"])
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `the task-local values of the last fire come along`() async throws {
        try subscribe { On(Ping.self) { Handle { _ in journal.note(Self.request) }.debounce(.seconds(3)) } }
        for request in ["1", "2"] {
            try await Self.$request.withValue(request) { _ = try await dispatcher.fire(Ping()) }
        }
        await dispatcher.stop()
        #expect(journal.entries == ["2"])
    }

    @Test func `handlers of any event are debounced together`() async throws {
        try subscribe {
            OnAny {
                Handle { event in journal.note("all \(type(of: event.base))") }.debounce(.seconds(3))
                Handle { event in journal.note("each \(type(of: event.base))") }.debounce(.seconds(3), per: \.eventName)
            }
        }
        try await dispatcher.fire(SignedIn())
        try await dispatcher.fire(Ping())
        await dispatcher.stop()
        #expect(Set(journal.entries) == ["all Ping", "each Ping", "each SignedIn"])
        #expect(journal.entries.count == 3)
    }

    @Test func `a value that doesn't equal itself is never superseded`() async throws {
        try subscribe {
            On(Track.self) { Handle { event in journal.note("\(event.plays)") }.debounce(.seconds(3), per: \.length) }
        }
        for plays in 1...2 { try await dispatcher.fire(Track(plays: plays, length: .nan)) }
        await dispatcher.stop()
        #expect(Set(journal.entries) == ["1", "2"])
    }

    /// A clock that calls a closure when it is read for the first time after it was armed.
    private final class ActingClock: Clock {
        let action = Locked<(@Sendable () -> Void)?>(nil)

        var now: ContinuousClock.Instant {
            action.withLock { action in
                defer { action = nil }
                return action
            }?()
            return .now
        }

        var minimumResolution: Duration { .zero }

        /// No time comes; a cancellation does.
        func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
            try await Gate().wait()
        }
    }

    @Test func `an event that comes while the dispatcher stops is not kept`() async throws {
        let isGone: @Sendable () -> Bool
        do {
            let clock = ActingClock()
            let dispatcher = EventDispatcher(clock: clock)
            isGone = { [weak dispatcher] in dispatcher == nil }
            let subscription = try dispatcher.on(
                Ping.self,
                Handle { _ in journal.note("started") }.debounce(.seconds(1_000), per: \.count)
            )
            // The stop finds the start, which has begun to wait, before the event waits for others.
            let door = ThreadGate()
            clock.action.withLock { $0 = { door.wait() } }
            let fire = Task(executorPreference: ThreadTasks()) { try dispatcher.fireSynchronously(Ping()) }
            #expect(await door.isReached())
            let stop = Task { await dispatcher.stop() }
            #expect(await comesTrue { !journal.entries.isEmpty })
            // Its task is at its end, as far as others can tell.
            letOthersErr()
            door.open()
            _ = try await fire.value
            _ = await stop.value
            withExtendedLifetime(subscription) {}
        }
        #expect(await comesTrue(isGone))
    }
}
