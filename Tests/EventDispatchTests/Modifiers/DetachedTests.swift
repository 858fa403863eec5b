import EventDispatch
import EventDispatchTesting
import Testing

/// Handlers that a fire doesn't wait for.
@Suite(.timeLimit(.minutes(10))) struct DetachedTests {
    private struct Failure: Error {}

    @TaskLocal static var request = "none"

    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let gate = Gate()
    private let bag = SubscriptionBag()

    private func subscribe(@SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration]) throws {
        bag.insert(try dispatcher.subscribe(declarations))
    }

    @Test func `a fire doesn't wait for a detached handler and says so`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle("mail") { event in
                    await gate.waitIgnoringCancellation()
                    journal.note("mailed \(event.count)")
                }
                .detached()
                Phase(.after) { Handle { _ in journal.note("after") } }
            }
        }
        let report = try await dispatcher.fire(Ping(count: 3))
        #expect(report.outcomes.map { "\($0.result)" } == ["detached"])
        #expect((report.matched, report.succeeded) == (2, 1))
        #expect(journal.entries == ["after"])
        gate.open()
        await dispatcher.drain()
        #expect(journal.entries == ["after", "mailed 3"])
    }

    @Test func `a detached handler can be started by a synchronous fire`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle { _ in
                    await Task.yield()
                    journal.note("asynchronous")
                }
                .detached()
            }
        }
        try dispatcher.fireSynchronously(Ping())
        await dispatcher.drain()
        #expect(journal.entries == ["asynchronous"])
    }

    @Test func `a synchronous handler runs in a task of its own`() async throws {
        try subscribe { On(Ping.self) { Handle { _ in journal.note("ran \(Task.isCancelled)") }.detached() } }
        let fire = Task {
            try await dispatcher.fire(Ping())
            withUnsafeCurrentTask { $0?.cancel() }
        }
        try await fire.value
        await dispatcher.drain()
        #expect(journal.entries == ["ran false"])
    }

    @Test func `it takes priority and task-local values and context along`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle("mail") { _ in
                    let context = DispatchContext.current
                    journal.note("\(Self.request) \(context?.phase ?? "") \(context?.path.count ?? 0)")
                    journal.note("\(Task.currentPriority == .low)")
                }
                .detached()
            }
            On(Letter.self) { Handle { _ in try await DispatchContext.current?.dispatcher.fire(Ping()) } }
        }
        let task = Task(priority: .low) {
            try await Self.$request.withValue("42") { _ = try await dispatcher.fire(Letter(1)) }
        }
        try await task.value
        await dispatcher.drain()
        #expect(journal.entries == ["42 during 2", "true"])
    }

    @Test @MainActor func `without an isolation of its own it runs on the actor that fires`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle { _ async in
                    MainActor.assertIsolated()
                    journal.note("asynchronous")
                }
                .detached()
                Handle { _ in
                    MainActor.assertIsolated()
                    journal.note("synchronous")
                }
                .detached()
            }
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries.isEmpty)
        await dispatcher.drain()
        #expect(Set(journal.entries) == ["asynchronous", "synchronous"])
    }

    @Test func `observers see how it ends`() async throws {
        dispatcher.observe(with: JournalObserver(journal: journal))
        try subscribe { On(Ping.self) { Handle("mail") { _ in throw Failure() }.detached() } }
        try await dispatcher.fire(Ping())
        await dispatcher.drain()
        let path = "EventDispatchTests.Ping"
        #expect(
            Set(journal.entries) == [
                "fire \(path)", "done \(path) 1/0", "start \(path) mail during",
                "end \(path) mail during failed: Failure()",
            ]
        )
    }

    @Test func `cancelling or stopping the fire doesn't concern it`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle { _ in
                    await gate.waitIgnoringCancellation()
                    journal.note("cancelled \(Task.isCancelled)")
                }
                .detached()
                Handle { _ in DispatchContext.current?.stop() }
            }
        }
        let fire = Task {
            _ = try? await dispatcher.fire(Ping())
            withUnsafeCurrentTask { $0?.cancel() }
        }
        await fire.value
        gate.open()
        await dispatcher.drain()
        #expect(journal.entries == ["cancelled false"])
    }

    @Test func `the event is copied`() async throws {
        final class Payload: Sendable {}
        weak var payload: Payload?
        try subscribe {
            On(NamedEvent<Payload>.self) {
                Handle { event in
                    await gate.waitIgnoringCancellation()
                    journal.note(event.name)
                }
                .detached()
            }
        }
        do {
            let value = Payload()
            payload = value
            try await dispatcher.fire(NamedEvent("kept", value))
        }
        await gate.arrivals(1)
        #expect(payload != nil)
        gate.open()
        await dispatcher.drain()
        #expect(journal.entries == ["kept"])
        // The task that ran it frees it a moment after it has told its end.
        while payload != nil, !Task.isCancelled { await Task.yield() }
        #expect(payload == nil)
    }

    // MARK: Who waits for it

    @Test func `stop waits for it and reports it at the deadline`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle { _ in
                    await gate.waitIgnoringCancellation()
                    journal.note("ended")
                }
                .detached()
            }
        }
        try await dispatcher.fire(Ping())
        await gate.arrivals(1)
        let report = await dispatcher.stop(deadline: .zero)
        #expect(report.firesInProgress == 1)
        async let whole = dispatcher.stop()
        gate.open()
        #expect(await whole.isComplete)
        #expect(journal.entries == ["ended"])
    }

    @Test func `while the dispatcher stops it may fire`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle { _ in
                    await gate.waitIgnoringCancellation()
                    try await DispatchContext.current?.dispatcher.fire(Letter(1))
                }
                .detached()
            }
            On(Letter.self) { Handle { _ in journal.note("letter") } }
        }
        try await dispatcher.fire(Ping())
        await gate.arrivals(1)
        async let report = dispatcher.stop()
        #expect(await comesTrue { dispatcher.refuses(Letter(2)) })
        gate.open()
        #expect(await report.isComplete)
        #expect(journal.entries.last == "letter")
    }

    @Test func `cancelAndWait waits for it`() async throws {
        let subscription = try dispatcher.on(
            Ping.self,
            Handle { _ in
                await gate.waitIgnoringCancellation()
                journal.note("ended")
            }
            .detached()
        )
        try await dispatcher.fire(Ping())
        await gate.arrivals(1)
        async let end: Void = subscription.cancelAndWait()
        #expect(await comesTrue { !subscription.isActive })
        gate.open()
        await end
        #expect(journal.entries == ["ended"])
    }

    @Test func `it can drain and stop and cancel itself without waiting for itself`() async throws {
        let own = Locked<EventSubscription?>(nil)
        let subscription = try dispatcher.on(
            Ping.self,
            Handle { _ in
                let dispatcher = DispatchContext.current?.dispatcher
                await dispatcher?.drain()
                await own.withLock { $0 }?.cancelAndWait()
                await dispatcher?.stop()
                journal.note("ended")
            }
            .detached()
        )
        own.withLock { $0 = subscription }
        try await dispatcher.fire(Ping())
        await dispatcher.drain()
        #expect(journal.entries == ["ended"])
        own.withLock { $0 = nil }
    }

    @Test @MainActor func `one that is cancelled before its task comes to it doesn't start`() async throws {
        dispatcher.observe(with: JournalObserver(journal: journal))
        let subscription = try dispatcher.on(Ping.self, Handle("mail") { _ in journal.note("ran") }.detached())
        // The handler's task needs the main actor, on which the test goes on.
        try dispatcher.fireSynchronously(Ping())
        subscription.cancel()
        await dispatcher.drain()
        #expect(!journal.entries.contains("ran"))
        #expect(journal.entries.contains { $0.hasSuffix("mail during skipped: unsubscribed") })
    }

    @Test func `its claim on a limit is settled when it ends`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle { event in
                    await gate.waitIgnoringCancellation()
                    if event.count == 0 { throw Failure() }
                }
                .limit(1, counting: .successes).detached()
            }
        }
        try await dispatcher.fire(Ping())
        #expect(try await dispatcher.fire(Ping()).matched == 0)
        gate.open()
        await dispatcher.drain()
        #expect(try await dispatcher.fire(Ping(count: 1)).matched == 1)
        await dispatcher.drain()
        #expect(dispatcher.handlers.isEmpty)
    }

    // MARK: At most so many

    @Test func `with a number a fire waits for room`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle { _ in await gate.waitIgnoringCancellation() }.detached(atMost: 2)
                Phase(.after) { Handle { event in journal.note("\(event.count)") } }
            }
        }
        for count in 1...2 { try await dispatcher.fire(Ping(count: count)) }
        async let third = dispatcher.fire(Ping(count: 3))
        await gate.arrivals(2)
        #expect(journal.entries == ["1", "2"])
        gate.open()
        #expect(try await third.outcomes.map { "\($0.result)" } == ["detached"])
        #expect(journal.entries == ["1", "2", "3"])
        await dispatcher.drain()
    }

    @Test func `a fire that is cancelled waits for room no more`() async throws {
        try subscribe {
            On(Ping.self) { Handle { _ in await gate.waitIgnoringCancellation() }.detached(atMost: 1).limit(2) }
        }
        try await dispatcher.fire(Ping())
        let second = Task { try await dispatcher.fireReporting(Ping()) }
        await gate.arrivals(1)
        second.cancel()
        #expect(try await second.value.outcomes.map { "\($0.result)" } == ["cancelled"])
        gate.open()
        await dispatcher.drain()
        // The start was given back.
        #expect(dispatcher.handlers.map(\.limitLeft) == [1])
        try await dispatcher.fire(Ping())
        await dispatcher.drain()
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `it can't be started by a synchronous fire where that might have to wait`() throws {
        try subscribe { On(Ping.self) { Handle { _ in }.detached(atMost: 1) } }
        #expect(throws: DispatchError.self) { try dispatcher.fireSynchronously(Ping()) }
    }

    @Test func `one that fires its own event fails where it would wait for itself`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle("loop") { event in
                    guard event.count < 1 else { return }
                    do {
                        try await DispatchContext.current?.dispatcher.fire(Ping(count: event.count + 1))
                    } catch let failure as DispatchFailure {
                        journal.note("\((failure.errors.first as? DispatchError)?.code.description ?? "")")
                    }
                }
                .detached(atMost: 1)
            }
        }
        try await dispatcher.fire(Ping())
        await dispatcher.drain()
        #expect(journal.entries == ["waitsForItself"])
    }

    @Test func `a time-out and attempts hold for a detached run`() async throws {
        let clock = ManualClock()
        let dispatcher = EventDispatcher(clock: clock)
        dispatcher.observe(with: JournalObserver(journal: journal))
        let subscription = try dispatcher.on(
            Ping.self,
            Handle("slow") { _ in try await gate.wait() }.timeout(.seconds(1)).retry(1).detached(atMost: 1)
        )
        try await dispatcher.fire(Ping())
        for attempt in 1...2 {
            await gate.arrivals(attempt)
            await clock.sleepers(1)
            clock.advance(by: .seconds(1))
        }
        await dispatcher.drain()
        #expect(journal.entries.contains { $0.hasSuffix("slow during timed out") })
        subscription.cancel()
    }

    @Test func `one that is left behind keeps its room until it ends`() async throws {
        let clock = ManualClock()
        let dispatcher = EventDispatcher(clock: clock)
        let subscription = try dispatcher.on(
            Ping.self,
            Handle { _ in
                journal.note("started")
                await gate.waitIgnoringCancellation()
            }
            .timeout(.seconds(1), grace: .zero).detached(atMost: 1)
        )
        try await dispatcher.fire(Ping())
        await gate.arrivals(1)
        await clock.sleepers(1)
        clock.advance(by: .seconds(1))
        await dispatcher.drain()
        let second = Task { try await dispatcher.fireReporting(Ping()) }
        letOthersErr()
        #expect(journal.entries == ["started"])
        gate.open()
        _ = try await second.value
        await dispatcher.stop()
        #expect(journal.entries == ["started", "started"])
        subscription.cancel()
    }

    @Test func `handlers of any event can be detached`() async throws {
        try subscribe { OnAny(.after) { Handle { event in journal.note("\(type(of: event.base))") }.detached() } }
        try await dispatcher.fire(SignedIn())
        try dispatcher.fireSynchronously(Ping())
        await dispatcher.drain()
        #expect(Set(journal.entries) == ["SignedIn", "Ping"])
    }

    @Test(arguments: [true, false]) func `what is fired after it can drain and stop without waiting for itself`(
        atAnother: Bool
    ) async throws {
        let other = EventDispatcher()
        let receiving = atAnother ? other : dispatcher
        let receipts = try receiving.on(Ping.self) { [dispatcher] event in
            await dispatcher.drain()
            if event.count == 1 { await dispatcher.stop() }
            journal.note("\(event.count)")
        }
        let passing = try other.on(SignedIn.self) { _ in
            for count in 0...1 { DispatchContext.current?.fireAfterwards(Ping(count: count)) }
        }
        try subscribe {
            On(SignedIn.self) {
                Handle { event in
                    if atAnother {
                        try await other.fire(event)
                    } else {
                        for count in 0...1 { DispatchContext.current?.fireAfterwards(Ping(count: count)) }
                    }
                }
                .detached()
            }
        }
        try await dispatcher.fire(SignedIn())
        let hasEnded = await ends { [dispatcher] in await dispatcher.drain() }
        #expect(hasEnded)
        #expect(journal.entries == ["0", "1"])
        receipts.cancel()
        passing.cancel()
    }

    @Test func `handlers that depart and fire each other's events remember only so many events around them`()
        async throws
    {
        let dispatcher = EventDispatcher(maximumDepth: 8)
        let longest = Locked(0)
        let subscription = try dispatcher.on(
            Ping.self,
            Handle { event in
                guard let context = DispatchContext.current, event.count < 100 else { return }
                longest.withLock { $0 = max($0, context.path.count) }
                try await context.dispatcher.fire(Ping(count: event.count + 1))
            }
            .detached()
        )
        try await dispatcher.fire(Ping())
        await dispatcher.drain()
        #expect(longest.withLock { $0 } == 9)
        subscription.cancel()
    }
}
