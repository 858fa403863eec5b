import EventDispatch
import Testing

@Suite(.timeLimit(.minutes(10))) struct SubscriptionScopeTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func theSubscriptionLastsAsLongAsTheClosure() throws {
        let succeeded = try dispatcher.withSubscription {
            On(Ping.self) { Handle { _ in journal.note("ran") } }
        } perform: {
            try dispatcher.fireSynchronously(Ping()).succeeded
        }
        #expect(succeeded == 1)
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["ran"])
    }

    @MainActor @Test func theAsynchronousFormRunsOnTheCallersActor() async throws {
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

    @Test func theSubscriptionEndsWhenTheClosureThrows() throws {
        #expect(throws: CancellationError.self) {
            try dispatcher.withSubscription {
                On(Ping.self) { Handle { _ in } }
            } perform: {
                throw CancellationError()
            }
        }
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func aRefusedDeclarationThrowsBeforeTheClosureRuns() {
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
