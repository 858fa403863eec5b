import EventDispatch
import EventDispatchTesting
import Testing

/// Line 11 of the contract: `drain` waits until the last handler is done.
@Suite(.timeLimit(.minutes(10))) struct DrainTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let gate = Gate()
    private let tasks = SerialTasks()

    private struct Failure: Error {}

    @Test func `drain returns at once when nothing is posted`() async {
        await dispatcher.drain()
    }

    @Test func `drain waits for the last handler not only for the queue`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [gate, journal] _ in
            try await gate.wait()
            journal.note("handled")
        }
        try await dispatcher.post(Letter(1))
        await gate.arrivals(1)
        let drain = await tasks.start { [dispatcher, journal] in
            await dispatcher.drain()
            journal.note("drained")
        }
        #expect(journal.entries.isEmpty)
        gate.open()
        await drain.value
        #expect(journal.entries == ["handled", "drained"])
        subscription.cancel()
    }

    @Test func `drain waits for every phase of the last event`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Letter.self) {
                Phase(.after) {
                    Handle { _ in
                        await Task.yield()
                        journal.note("after")
                    }
                }
            }
        }
        try await dispatcher.post(Letter(1))
        await dispatcher.drain()
        #expect(journal.entries == ["after"])
        subscription.cancel()
    }

    @Test func `drain waits for events that are posted meanwhile`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [dispatcher, gate, journal] letter in
            try await gate.wait()
            if letter.number < 5 { try await dispatcher.post(Letter(letter.number + 1)) }
            journal.note("\(letter.number)")
        }
        try await dispatcher.post(Letter(1))
        await gate.arrivals(1)
        let drain = await tasks.start { [dispatcher] in await dispatcher.drain() }
        gate.open()
        await drain.value
        #expect(journal.entries == ["1", "2", "3", "4", "5"])
        subscription.cancel()
    }

    @Test func `drain waits for the events of suspended producers`() async throws {
        let dispatcher = EventDispatcher(postPolicy: .suspend(capacity: 1))
        let subscription = try dispatcher.on(Letter.self) { [gate, journal] letter in
            try await gate.wait()
            journal.note("\(letter.number)")
        }
        for number in 0..<6 { await tasks.start { try? await dispatcher.post(Letter(number)) } }
        await gate.arrivals(1)
        let drain = await tasks.start { await dispatcher.drain() }
        gate.open()
        await drain.value
        #expect(journal.entries == (0..<6).map(String.init))
        subscription.cancel()
    }

    @Test func `drain returns when handlers throw`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Letter.self) {
                Handle { _ in throw Failure() }
                Handle { [journal] _ in
                    await Task.yield()
                    journal.note("ran")
                    throw Failure()
                }
            }
        }
        for number in 1...3 { try await dispatcher.post(Letter(number)) }
        await dispatcher.drain()
        #expect(journal.entries == ["ran", "ran", "ran"])
        subscription.cancel()
    }

    @Test func `everyone who drains returns`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [gate] _ in try await gate.wait() }
        try await dispatcher.post(Letter(1))
        await gate.arrivals(1)
        var drains: [Task<Void, Never>] = []
        for _ in 0..<5 { drains.append(await tasks.start { [dispatcher] in await dispatcher.drain() }) }
        gate.open()
        for drain in drains { await drain.value }
        subscription.cancel()
    }

    @Test func `drain does not wait for a fire that was not posted`() async throws {
        let subscription = try dispatcher.on(Ping.self) { [gate] _ in try await gate.wait() }
        let fire = Task { [dispatcher] in try await dispatcher.fire(Ping()) }
        await gate.arrivals(1)
        await dispatcher.drain()
        gate.open()
        _ = try await fire.value
        subscription.cancel()
    }

    @Test func `cancelling the task that drains ends its wait`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [gate, journal] _ in
            await gate.waitIgnoringCancellation()
            journal.note("handled")
        }
        try await dispatcher.post(Letter(1))
        await gate.arrivals(1)
        let drain = await tasks.start { [dispatcher] in await dispatcher.drain() }
        drain.cancel()
        await drain.value
        #expect(journal.entries.isEmpty)
        gate.open()
        await dispatcher.drain()
        #expect(journal.entries == ["handled"])
        subscription.cancel()
    }

    @Test func `drain from a handler of a posted event returns`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [dispatcher, journal] _ in
            await dispatcher.drain()
            journal.note("handled")
        }
        for number in 1...2 { try await dispatcher.post(Letter(number)) }
        let drained = await ends { [dispatcher] in await dispatcher.drain() }
        #expect(drained)
        #expect(journal.entries == ["handled", "handled"])
        subscription.cancel()
    }

    @Test func `drain from a handler of a fired event waits`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in
                    try await dispatcher.post(Letter(1))
                    await dispatcher.drain()
                    journal.note("drained")
                }
            }
            On(Letter.self) {
                Handle { _ in
                    await Task.yield()
                    journal.note("handled")
                }
            }
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["handled", "drained"])
        subscription.cancel()
    }

    @Test func `a posted handler can drain another dispatcher`() async throws {
        let other = EventDispatcher()
        let subscription = try dispatcher.on(Letter.self) { [journal] _ in
            try await other.post(Ping())
            await other.drain()
            journal.note("drained")
        }
        let others = try other.on(Ping.self) { [journal] _ in
            await Task.yield()
            journal.note("handled")
        }
        try await dispatcher.post(Letter(1))
        await dispatcher.drain()
        #expect(journal.entries == ["handled", "drained"])
        subscription.cancel()
        others.cancel()
    }

    @Test func `draining returns what the body returns after the last handler`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [journal] _ in
            await Task.yield()
            journal.note("handled")
        }
        let answer = try await dispatcher.draining {
            try await dispatcher.post(Letter(1))
            return 42
        }
        #expect(answer == 42)
        #expect(journal.entries == ["handled"])
        subscription.cancel()
    }

    @Test func `draining drains also when the body throws`() async throws {
        let subscription = try dispatcher.on(Letter.self) { [journal] _ in
            await Task.yield()
            journal.note("handled")
        }
        await #expect(throws: Failure.self) {
            try await dispatcher.draining {
                try await dispatcher.post(Letter(1))
                throw Failure()
            }
        }
        #expect(journal.entries == ["handled"])
        subscription.cancel()
    }

    @Test func `a handler left behind by the posted one that fired it can drain`() async throws {
        let inner = Gate()
        let isDraining = Gate(isOpen: true)
        let subscription = try dispatcher.subscribe {
            On(Letter.self) {
                Handle { [dispatcher, gate, journal] letter in
                    if letter.number == 1 {
                        Task { try await dispatcher.fire(Ping()) }
                        await inner.arrivals(1)
                    } else {
                        try await gate.wait()
                        journal.note("handled 2")
                    }
                }
            }
            On(Ping.self) {
                Handle { [dispatcher, journal, tasks] _ in
                    try await inner.wait()
                    let drain = await tasks.start { await dispatcher.drain() }
                    await isDraining.waitIgnoringCancellation()
                    await drain.value
                    journal.note("drained")
                }
            }
        }
        try await dispatcher.post(Letter(1))
        try await dispatcher.post(Letter(2))
        await gate.arrivals(1)
        inner.open()
        await isDraining.arrivals(1)
        await tasks.start {}
        #expect(journal.entries.isEmpty)
        gate.open()
        let hasDrained = await comesTrue { [journal] in journal.entries.count == 2 }
        #expect(hasDrained)
        subscription.cancel()
    }
}
