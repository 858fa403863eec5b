import EventDispatch
import EventDispatchTesting
import TestSupport
import Testing

/// Line 6 of the contract: `cancelAndWait` promises that none of the handlers is running.
@Suite(.timeLimit(.minutes(10))) struct CancelAndWaitTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let tasks = SerialTasks()

    @Test func `it waits for handlers that run`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.on(Ping.self) { [journal] _ in
            await gate.waitIgnoringCancellation()
            await Task.yield()
            journal.note("handler ended")
        }
        async let report = dispatcher.fire(Ping())
        await gate.arrivals(1)
        let waiting = Task { [journal] in
            await subscription.cancelAndWait()
            journal.note("waited")
        }
        #expect(await comesTrue { !subscription.isActive })
        gate.open()
        await waiting.value
        #expect(journal.entries == ["handler ended", "waited"])
        #expect(try await report.succeeded == 1)
    }

    @Test func `it returns when a fire in place that it waited for ends`() async throws {
        let door = ThreadGate()
        let subscription = try dispatcher.on(Ping.self) { _ in door.wait() }
        async let succeeded = onThread { [dispatcher] in try? dispatcher.fireSynchronously(Ping()).succeeded }
        try #require(await door.isReached())
        let waiting = await tasks.start { [journal] in
            await subscription.cancelAndWait()
            journal.note("waited")
        }
        #expect(journal.entries.isEmpty)
        door.open()
        #expect(await succeeded == 1)
        #expect(await ends { await waiting.value })
    }

    @Test func `it returns at once when nothing runs`() async throws {
        let subscription = try dispatcher.on(Ping.self) { _ in }
        try await dispatcher.fire(Ping())
        await subscription.cancelAndWait()
        await subscription.cancelAndWait()
        #expect(!subscription.isActive)
    }

    @Test func `it does not wait for handlers whose limit refused them`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) { Handle { _ in try await gate.wait() }.limit(1, counting: .successes) }
        }
        async let first = dispatcher.fire(Ping())
        await gate.arrivals(1)
        #expect(try await dispatcher.fire(Ping()).isUnhandled)
        gate.open()
        #expect(try await first.succeeded == 1)
        await subscription.cancelAndWait()
        #expect(!subscription.isActive)
    }

    @Test func `from inside the handler it does not wait for itself`() async throws {
        let own = SubscriptionBox()
        own.subscription = try dispatcher.on(Ping.self) { [journal] _ in
            await own.subscription?.cancelAndWait()
            journal.note("went on")
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["went on"])
        #expect(try await dispatcher.fire(Ping()).isUnhandled)
    }

    @Test func `from a handler that its handler waits for it does not wait for that one`() async throws {
        let outer = SubscriptionBox()
        outer.subscription = try dispatcher.on(Ping.self) { [dispatcher, journal] _ in
            try await dispatcher.fire(UserCreated())
            journal.note("outer ended")
        }
        let inner = try dispatcher.on(UserCreated.self) { [journal] _ in
            await outer.subscription?.cancelAndWait()
            journal.note("inner ended")
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["inner ended", "outer ended"])
        inner.cancel()
    }

    @Test func `siblings that wait for each other go on`() async throws {
        let gate = Gate()
        let own = SubscriptionBox()
        own.subscription = try dispatcher.subscribe {
            On(Ping.self) {
                for _ in 0..<3 {
                    Handle { _ in
                        await gate.waitIgnoringCancellation()
                        await own.subscription?.cancelAndWait()
                        journal.note("went on")
                    }
                }
            }
        }
        let fire = Task { [dispatcher] in try await dispatcher.fire(Ping()) }
        await gate.arrivals(3)
        gate.open()
        _ = try await fire.value
        #expect(journal.entries.count == 3)
    }

    @Test func `from a task that a handler left behind it waits for the others`() async throws {
        let gate = Gate()
        let leftBehind = Gate()
        let own = SubscriptionBox()
        own.subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in
                    await Task.yield()
                    await tasks.start {
                        await leftBehind.waitIgnoringCancellation()
                        await own.subscription?.cancelAndWait()
                        journal.note("waited")
                        gate.open()
                    }
                }
                Handle { _ in
                    await gate.waitIgnoringCancellation()
                    journal.note("ended")
                }
            }
        }
        async let report = dispatcher.fireReporting(Ping(), detail: .all)
        await gate.arrivals(1)
        await leftBehind.arrivals(1)
        leftBehind.open()
        #expect(await comesTrue { own.subscription?.isActive == false })
        await tasks.start {}
        #expect(journal.entries.isEmpty)
        gate.open()
        #expect(try await report.succeeded == 2)
        let hasComeTrue = await comesTrue { [journal] in journal.entries.count == 2 }
        #expect(hasComeTrue)
        #expect(journal.entries == ["ended", "waited"])
    }

    @Test func `from inside a handler that overran its timeout it does not wait for itself`() async throws {
        let clock = ManualClock()
        let dispatcher = EventDispatcher(clock: clock)
        let gate = Gate()
        let own = SubscriptionBox()
        own.subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in
                    await gate.waitIgnoringCancellation()
                    await own.subscription?.cancelAndWait()
                    journal.note("went on")
                }
                .timeout(.seconds(1), grace: .zero)
            }
        }
        async let report = dispatcher.fireReporting(Ping())
        await gate.arrivals(1)
        clock.advance(by: .seconds(1))
        #expect(try await report.matched == 1)
        gate.open()
        await own.subscription?.cancelAndWait()
        #expect(journal.entries == ["went on"])
    }

    @Test func `an outsider waits for handlers that wait themselves`() async throws {
        let gate = Gate()
        let own = SubscriptionBox()
        own.subscription = try dispatcher.on(Ping.self) { [journal] _ in
            await own.subscription?.cancelAndWait()
            await gate.waitIgnoringCancellation()
            journal.note("handler ended")
        }
        async let report = dispatcher.fire(Ping())
        await gate.arrivals(1)
        let outsider = Task { [journal] in
            await own.subscription?.cancelAndWait()
            journal.note("outsider")
        }
        gate.open()
        await outsider.value
        #expect(journal.entries == ["handler ended", "outsider"])
        #expect(try await report.succeeded == 1)
    }

    @Test func `no handler runs after it under stress`() async throws {
        for _ in 0..<500 {
            let running = Journal()
            let subscription = try dispatcher.subscribe {
                On(Ping.self) {
                    Handle { _ in running.note("begin") }
                    Handle { _ in
                        await Task.yield()
                        running.note("end")
                    }
                }
            }
            let fires = Task { [dispatcher] in
                for _ in 0..<20 { _ = try await dispatcher.fireReporting(Ping()) }
            }
            await Task.yield()
            await subscription.cancelAndWait()
            let before = running.entries.count
            try await fires.value
            try #require(running.entries.count == before)
        }
    }
}

private final class SubscriptionBox: @unchecked Sendable {
    // Written before the first fire, read after.
    var subscription: EventSubscription?
}
