import EventDispatch
import Testing

@Suite(.timeLimit(.minutes(10))) struct SubscriptionScopeTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `the subscription lasts as long as the closure`() throws {
        let succeeded = try dispatcher.withSubscription {
            On(Ping.self) { Handle { _ in journal.note("ran") } }
        } perform: {
            try dispatcher.fireSynchronously(Ping()).succeeded
        }
        #expect(succeeded == 1)
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["ran"])
    }

    @MainActor @Test func `the asynchronous form runs on the caller's actor`() async throws {
        try await dispatcher.withSubscription {
            On(Ping.self) { Handle { _ in journal.note("ran") } }
        } perform: {
            await Task.yield()
            MainActor.preconditionIsolated()
            try await dispatcher.fire(Ping())
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["ran"])
    }

    @Test func `the subscription ends when the closure throws`() throws {
        #expect(throws: CancellationError.self) {
            try dispatcher.withSubscription {
                On(Ping.self) { Handle { _ in } }
            } perform: {
                throw CancellationError()
            }
        }
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `a refused declaration throws before the closure runs`() {
        #expect(throws: DispatchError.self) {
            try dispatcher.withSubscription {
                On(Ping.self) { Handle { _ in }.limit(0) }
            } perform: {
                journal.note("performed")
            }
        }
        #expect(journal.entries.isEmpty)
    }
}
