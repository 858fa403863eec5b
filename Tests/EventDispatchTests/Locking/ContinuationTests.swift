import EventDispatch
import EventDispatchTesting
import Testing

/// Line 10 of the contract: no continuation is resumed under a lock. The tasks here go on inside the call that resumes them.
@Suite(.timeLimit(.minutes(10))) struct ContinuationTests {
    private let dispatcher = EventDispatcher(postPolicy: .suspend(capacity: 1))
    private let journal = Journal()
    private let gate = Gate()
    private let tasks = InlineTasks()

    @Test(arguments: Intrusion.allCases)
    func `a task that waited for a drain may use the dispatcher at once`(intrusion: Intrusion) async throws {
        let subscription = try await standing()
        let drain = tasks.start { [dispatcher, journal] in
            await dispatcher.drain()
            intrusion.happen(to: dispatcher, journal)
        }
        #expect(journal.entries.isEmpty)
        gate.open()
        await drain.value
        #expect(journal.entries == ["\(intrusion)"])
        subscription.cancel()
    }

    @Test(arguments: Intrusion.allCases)
    func `a task that waited for room may use the dispatcher at once`(intrusion: Intrusion) async throws {
        let subscription = try await standing()
        try await dispatcher.post(Letter(1))
        let post = tasks.start { [dispatcher, journal] in
            try? await dispatcher.post(Letter(2))
            intrusion.happen(to: dispatcher, journal)
        }
        #expect(journal.entries.isEmpty)
        gate.open()
        await post.value
        #expect(journal.entries == ["\(intrusion)"])
        await dispatcher.drain()
        subscription.cancel()
    }

    @Test func `a task whose post is refused by a stop may use the dispatcher at once`() async throws {
        let subscription = try await standing()
        try await dispatcher.post(Letter(1))
        let post = tasks.start { [dispatcher, journal] in
            journal.note("\(await dispatcher.refusal(of: Letter(2))?.description ?? "posted")")
            dispatcher.start()
            journal.note((try? dispatcher.postNow(Letter(3))) == false ? "full" : "not full")
        }
        let stop = Task { [dispatcher] in await dispatcher.stop() }
        let refused = await ends { await post.value }
        gate.open()
        #expect(refused)
        #expect(journal.entries == ["stopped", "full"])
        #expect(await stop.value.dropped == 2)
        subscription.cancel()
    }

    @Test func `a task whose post is cancelled may use the dispatcher at once`() async throws {
        let subscription = try await standing()
        try await dispatcher.post(Letter(1))
        let post = tasks.start { [dispatcher, journal] in
            journal.note("\(await dispatcher.refusal(of: Letter(2))?.description ?? "posted")")
            journal.note((try? dispatcher.postNow(Letter(3))) == false ? "full" : "not full")
        }
        post.cancel()
        await post.value
        #expect(journal.entries == ["cancelled", "full"])
        gate.open()
        await dispatcher.drain()
        subscription.cancel()
    }

    @Test(arguments: Intrusion.allCases)
    func `a task that waited for a stop may use the dispatcher at once`(intrusion: Intrusion) async throws {
        let subscription = try await standing()
        let stop = tasks.start { [dispatcher, journal] in
            _ = await dispatcher.stop()
            dispatcher.start()
            intrusion.happen(to: dispatcher, journal)
        }
        #expect(journal.entries.isEmpty)
        gate.open()
        await stop.value
        #expect(journal.entries == ["\(intrusion)"])
        subscription.cancel()
    }

    @Test(arguments: Intrusion.allCases)
    func `a task that waited for the end of its handlers may use the dispatcher at once`(intrusion: Intrusion)
        async throws
    {
        let subscription = try await standing()
        let cancel = tasks.start { [dispatcher, journal] in
            await subscription.cancelAndWait()
            intrusion.happen(to: dispatcher, journal)
        }
        #expect(journal.entries.isEmpty)
        gate.open()
        await cancel.value
        #expect(journal.entries == ["\(intrusion)"])
        await dispatcher.drain()
    }

    @Test(arguments: Intrusion.allCases)
    func `a task that a handler resumes may use the dispatcher at once`(intrusion: Intrusion) async throws {
        let subscription = try dispatcher.on(Ping.self) { [gate] _ in gate.open() }
        let waiting = tasks.start { [dispatcher, gate, journal] in
            try? await gate.wait()
            intrusion.happen(to: dispatcher, journal)
        }
        await gate.arrivals(1)
        try dispatcher.fireSynchronously(Ping())
        await waiting.value
        #expect(journal.entries == ["\(intrusion)"])
        await dispatcher.drain()
        subscription.cancel()
    }

    /// Lets the handler of a posted letter wait at the gate.
    private func standing() async throws -> EventSubscription {
        let subscription = try dispatcher.on(Letter.self) { [gate] _ in await gate.waitIgnoringCancellation() }
        try await dispatcher.post(Letter(0))
        await gate.arrivals(1)
        return subscription
    }
}
