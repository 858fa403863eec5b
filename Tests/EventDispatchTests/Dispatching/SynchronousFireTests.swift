import EventDispatch
import EventDispatchTesting
import Testing

/// Line 12 of the contract: firing from code that can't suspend.
@Suite(.timeLimit(.minutes(10))) struct SynchronousFireTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `synchronous handlers run in place in order`() throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Phase(.after) { Handle { _ in journal.note("after") } }
                Handle { _ in journal.note("during") }
                Phase(.before) { Handle { _ in journal.note("before") } }
            }
        }
        let report = try dispatcher.fireSynchronously(Ping())
        #expect(report.succeeded == 3)
        #expect(journal.entries == ["before", "during", "after"])
        subscription.cancel()
    }

    @Test func `nothing runs when a matching handler is asynchronous`() throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in journal.note("ran") }.once()
                Phase(.after) {
                    Where(\.count == 1)
                    Handle("slow", line: 12) { _ in await Task.yield() }
                }
            }
        }
        do {
            try dispatcher.fireSynchronously(Ping(count: 1), line: 34)
            Issue.record("fireSynchronously did not throw")
        } catch let error as DispatchError {
            #expect(error.code == .asynchronousHandler)
            #expect(error.message.contains("'slow' at \(#fileID):12 "))
            #expect(error.message.contains("Ping"))
            #expect(error.location.line == 34)
        }
        #expect(journal.entries.isEmpty)
        try dispatcher.fireSynchronously(Ping(count: 2))
        #expect(journal.entries == ["ran"])
        subscription.cancel()
    }

    @Test func `an asynchronous handler that would not start does not count`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in journal.note("ran") }
                Handle { _ in try await gate.wait() }.limit(1, per: \.count)
                Handle { _ in try await gate.wait() }.limit(1, counting: .successes)
                Rule { Handle { _ in try await gate.wait() } }.limit(1)
            }
        }
        async let first = dispatcher.fire(Ping(count: 1))
        await gate.arrivals(3)
        #expect(throws: DispatchError.self) { try dispatcher.fireSynchronously(Ping(count: 2)) }
        let report = try dispatcher.fireSynchronously(Ping(count: 1), detail: .all)
        #expect(report.matched == 1 && report.outcomes.count == 1)
        #expect(journal.entries == ["ran", "ran"])
        gate.open()
        #expect(try await first.succeeded == 4)
        subscription.cancel()
    }

    @Test func `every error is thrown at the end`() throws {
        struct Failure: Error {}
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in throw Failure() }
                Handle { _ in journal.note("ran") }
                Handle { _ in throw Failure() }
            }
        }
        let failure = #expect(throws: DispatchFailure.self) { try dispatcher.fireSynchronously(Ping()) }
        #expect(failure?.errors.count == 2)
        #expect(journal.entries == ["ran"])
        subscription.cancel()
    }

    @Test func `a main actor handler counts as asynchronous elsewhere`() async throws {
        let subscription = try dispatcher.on(Ping.self) { @MainActor [journal] _ in journal.note("ran") }
        let elsewhere = Task.detached { [dispatcher] in _ = try dispatcher.fireSynchronously(Ping()) }
        await #expect(throws: DispatchError.self) { try await elsewhere.value }
        #expect(journal.entries.isEmpty)
        subscription.cancel()
    }

    @MainActor @Test func `a main actor handler runs in place on the main actor`() throws {
        let subscription = try dispatcher.on(Ping.self) { @MainActor [journal] _ in journal.note("ran") }
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["ran"])
        subscription.cancel()
    }

    @Test func `a handler on an actor runs in place on that actor only`() async throws {
        let counter = PingCounter()
        let other = PingCounter()
        let subscription = try dispatcher.on(Ping.self, on: counter) { counter, _ in counter.count += 1 }
        try await counter.fire(at: dispatcher)
        #expect(await counter.count == 1)
        await #expect(throws: DispatchError.self) { try await other.fire(at: dispatcher) }
        #expect(await counter.count == 1)
        subscription.cancel()
    }
}

private actor PingCounter {
    var count = 0
    func fire(at dispatcher: EventDispatcher) throws { try dispatcher.fireSynchronously(Ping()) }
}
