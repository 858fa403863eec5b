import EventDispatch
import Testing

/// Line 4 of the contract: a handler without an isolation of its own runs on the caller's actor.
@Suite struct IsolationTests {
    private let dispatcher = EventDispatcher()

    @MainActor @Test func aLoneHandlerRunsOnTheCallersActor() async throws {
        let subscription = try dispatcher.on(Ping.self) { _ in
            MainActor.preconditionIsolated()
            await Task.yield()
            MainActor.preconditionIsolated()
        }
        #expect(try await dispatcher.fire(Ping()).succeeded == 1)
        subscription.cancel()
    }

    @MainActor @Test func siblingsRunOnTheCallersActor() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                for _ in 0..<3 {
                    Handle { _ in
                        MainActor.preconditionIsolated()
                        await Task.yield()
                        MainActor.preconditionIsolated()
                    }
                }
            }
        }
        #expect(try await dispatcher.fire(Ping()).succeeded == 3)
        subscription.cancel()
    }
}
