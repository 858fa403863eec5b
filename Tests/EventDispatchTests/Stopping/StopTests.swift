import EventDispatch
import EventDispatchTesting
import TestSupport
import Testing

/// Line 11 of the contract: `stop` refuses new events, drains, and reports what is left.
@Suite(.timeLimit(.minutes(10))) struct StopTests {
    private let dispatcher = EventDispatcher(name: "orders")
    private let journal = Journal()
    private let gate = Gate()
    private let tasks = SerialTasks()

    @Test func `a stopping dispatcher refuses every kind of fire`() async throws {
        let (subscription, stop) = try await stopping()
        await #expect(throws: DispatchError.self) { try await dispatcher.fire(Ping()) }
        #expect(throws: DispatchError.self) { try dispatcher.fireSynchronously(Ping()) }
        do {
            _ = try await dispatcher.fireReporting(Ping())
            Issue.record("fireReporting did not throw")
        } catch {
            #expect(error.code == .stopped)
            #expect(error.message.contains("'orders' is stopping"))
        }
        gate.open()
        #expect(await stop.value.dropped == 0)
        subscription.cancel()
    }

    @Test func `a stopping dispatcher refuses posts and counts them`() async throws {
        dispatcher.observe(with: DropObserver(journal: journal))
        let (subscription, stop) = try await stopping()
        #expect(await dispatcher.refusal(of: Letter(1)) == .stopped)
        #expect(throws: DispatchError.self) { _ = try dispatcher.postNow(Letter(2)) }
        gate.open()
        #expect(await stop.value.dropped == 2)
        #expect(journal.entries == ["1 stopped", "2 stopped", "handled"])
        subscription.cancel()
    }

    @Test func `stop waits for fires in progress`() async throws {
        let (subscription, stop) = try await stopping()
        #expect(journal.entries.isEmpty)
        gate.open()
        let report = await stop.value
        #expect(journal.entries == ["handled"])
        #expect(report.isComplete)
        #expect(report.firesInProgress == 0)
        subscription.cancel()
    }

    @Test func `stop ends when an explanation that it waited for does`() async throws {
        let door = ThreadGate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Where { _ in
                    door.wait()
                    return true
                }
                Handle { _ in }
            }
        }
        async let matched = onThread { [dispatcher] in dispatcher.explain(Ping()).matched.count }
        try #require(await door.isReached())
        let stop = await tasks.start { [dispatcher] in await dispatcher.stop() }
        door.open()
        #expect(await matched == 1)
        #expect(await ends { _ = await stop.value })
        subscription.cancel()
    }

    @Test func `stop drains the queue`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [gate, journal] letter in
            try await gate.wait()
            journal.note("\(letter.number)")
        }
        for number in 0..<5 { try await dispatcher.post(Letter(number)) }
        await gate.arrivals(1)
        let stop = await tasks.start { [dispatcher] in await dispatcher.stop() }
        gate.open()
        let report = await stop.value
        #expect(journal.entries == (0..<5).map(String.init))
        #expect(report.isComplete)
        #expect(report.undelivered.isEmpty && report.dropped == 0)
        subscription.cancel()
    }

    @Test func `during the drain a nested fire is allowed and a post refused and counted`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Letter.self) {
                Handle { letter in
                    try await gate.wait()
                    try await dispatcher.fire(Ping(count: letter.number))
                    journal.note("\(await dispatcher.refusal(of: Letter(10))?.description ?? "posted")")
                }
            }
            On(Ping.self) { Handle { ping in journal.note("ping \(ping.count)") } }
        }
        for number in 1...2 { try await dispatcher.post(Letter(number)) }
        await gate.arrivals(1)
        let stop = await tasks.start { [dispatcher] in await dispatcher.stop() }
        gate.open()
        let report = await stop.value
        #expect(journal.entries == ["ping 1", "stopped", "ping 2", "stopped"])
        #expect(report.dropped == 2)
        #expect(report.isComplete)
        subscription.cancel()
    }

    @Test func `during the drain a synchronous nested fire is allowed`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Letter.self) {
                Handle { _ in
                    try await gate.wait()
                    try dispatcher.fireSynchronously(Ping())
                }
            }
            On(Ping.self) { Handle { _ in journal.note("ping") } }
        }
        try await dispatcher.post(Letter(1))
        await gate.arrivals(1)
        let stop = await tasks.start { [dispatcher] in await dispatcher.stop() }
        gate.open()
        #expect(await stop.value.isComplete)
        #expect(journal.entries == ["ping"])
        subscription.cancel()
    }

    @Test func `producers that wait for room are refused at the stop`() async throws {
        let dispatcher = EventDispatcher(postPolicy: .suspend(capacity: 1))
        dispatcher.observe(with: DropObserver(journal: journal))
        let subscription = try dispatcher.on(Letter.self) { [gate] _ in try await gate.wait() }
        try await dispatcher.post(Letter(0))
        await gate.arrivals(1)
        try await dispatcher.post(Letter(1))
        var waiting: [Task<DispatchError.Code?, Never>] = []
        for number in 2...4 {
            waiting.append(await tasks.start { await dispatcher.refusal(of: Letter(number)) })
        }
        let stop = await tasks.start { await dispatcher.stop() }
        let codes = Journal()
        let refused = await ends { [waiting] in
            for producer in waiting { codes.note("\(await producer.value?.description ?? "posted")") }
        }
        gate.open()
        #expect(refused)
        #expect(codes.entries == ["stopped", "stopped", "stopped"])
        #expect(journal.entries == ["2 stopped", "3 stopped", "4 stopped"])
        let report = await stop.value
        #expect(report.dropped == 3)
        #expect(report.isComplete)
        subscription.cancel()
    }

    @Test func `stopping twice is the same as once`() async throws {
        #expect(await dispatcher.stop().isComplete)
        #expect(await dispatcher.stop(deadline: .seconds(1)).isComplete)
        #expect(await dispatcher.refusal(of: Letter(1)) == .stopped)
        #expect(await dispatcher.stop().dropped == 1)
    }

    @Test func `stops at the same time all return when the work is done`() async throws {
        let (subscription, stop) = try await stopping()
        var others: [Task<StopReport, Never>] = []
        for _ in 0..<4 { others.append(await tasks.start { [dispatcher] in await dispatcher.stop() }) }
        gate.open()
        for other in others + [stop] { #expect(await other.value.isComplete) }
        await #expect(throws: DispatchError.self) { try await dispatcher.fire(Ping()) }
        subscription.cancel()
    }

    @Test func `one of two stops reports an undelivered event`() async throws {
        let clock = ManualClock()
        let dispatcher = EventDispatcher(clock: clock)
        let subscription = try dispatcher.on(Letter.self) { [gate] _ in await gate.waitIgnoringCancellation() }
        for number in 0..<2 { try await dispatcher.post(Letter(number)) }
        await gate.arrivals(1)
        let first = await tasks.start { await dispatcher.stop(deadline: .seconds(1)) }
        let second = await tasks.start { await dispatcher.stop(deadline: .seconds(2)) }
        await clock.sleepers(2)
        clock.advance(by: .seconds(1))
        #expect(await first.value.undelivered == ["Letter"])
        clock.advance(by: .seconds(1))
        let report = await second.value
        #expect(report.undelivered.isEmpty)
        #expect(report.dropped == 1)
        #expect(report.firesInProgress == 1)
        gate.open()
        subscription.cancel()
    }

    @Test func `start after stop works again`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) { Handle { _ in journal.note("ping") } }
            On(Letter.self) { Handle { _ in journal.note("letter") } }
        }
        for _ in 0..<3 {
            await dispatcher.stop()
            dispatcher.start()
            try await dispatcher.fire(Ping())
            try await dispatcher.post(Letter(1))
            await dispatcher.drain()
        }
        #expect(journal.entries == (0..<3).flatMap { _ in ["ping", "letter"] })
        subscription.cancel()
    }

    @Test func `cancelling the task that stops ends its wait and reports what is left`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [gate] _ in await gate.waitIgnoringCancellation() }
        for number in 0..<3 { try await dispatcher.post(Letter(number)) }
        await gate.arrivals(1)
        let stop = await tasks.start { [dispatcher] in await dispatcher.stop() }
        stop.cancel()
        let report = await stop.value
        #expect(report.undelivered == ["Letter", "Letter"])
        #expect(report.firesInProgress == 1)
        #expect(report.dropped == 2)
        #expect(!report.isComplete)
        gate.open()
        subscription.cancel()
    }

    @Test func `a stop keeps subscriptions and its report says so in one line`() async throws {
        let subscription = try dispatcher.on(Ping.self) { _ in }
        let report = await dispatcher.stop()
        #expect(subscription.isActive)
        #expect(report.description == "0 undelivered, 0 fires in progress, 0 handlers overrunning, 0 posts dropped")
        subscription.cancel()
    }

    /// Lets a handler of a fire wait at the gate, and a stop wait for it.
    private func stopping() async throws -> (EventSubscription, Task<StopReport, Never>) {
        let subscription = try dispatcher.on(Ping.self) { [gate, journal] _ in
            await gate.waitIgnoringCancellation()
            journal.note("handled")
        }
        Task { [dispatcher] in try await dispatcher.fire(Ping()) }
        await gate.arrivals(1)
        return (subscription, await tasks.start { [dispatcher] in await dispatcher.stop() })
    }
}
