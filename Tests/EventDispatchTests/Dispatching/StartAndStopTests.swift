import EventDispatch
import Testing

@Suite(.timeLimit(.minutes(10))) struct StartAndStopTests {
    @Test func `a dispatcher made stopped throws on fire until started`() async throws {
        let dispatcher = EventDispatcher(started: false, name: "orders")
        let journal = Journal()
        let subscription = try dispatcher.on(Ping.self) { _ in journal.note("ran") }
        do {
            _ = try await dispatcher.fireReporting(Ping(), line: 12)
            Issue.record("fireReporting did not throw")
        } catch {
            #expect(error.code == .notStarted)
            #expect(error.message.contains("Ping") && error.message.contains("'orders'"))
            #expect(error.location.line == 12)
        }
        #expect(throws: DispatchError.self) { try dispatcher.fireSynchronously(Ping()) }
        await #expect(throws: DispatchError.self) { try await dispatcher.fire(Ping()) }
        #expect(journal.entries.isEmpty)
        dispatcher.start()
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["ran"])
        subscription.cancel()
    }

    @Test func `a stopped dispatcher refuses events and keeps its subscriptions`() async throws {
        let dispatcher = EventDispatcher()
        let journal = Journal()
        let subscription = try dispatcher.on(Ping.self) { _ in journal.note("ran") }
        await dispatcher.stop()
        await #expect(throws: DispatchError.self) { try await dispatcher.fire(Ping()) }
        #expect(dispatcher.hasHandlers(for: Ping.self))
        dispatcher.start()
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["ran"])
        subscription.cancel()
    }
}
