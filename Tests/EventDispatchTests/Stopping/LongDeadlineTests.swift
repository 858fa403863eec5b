import EventDispatch
import EventDispatchTesting
import Testing

/// Deadlines and time-outs at the end of what a duration can hold, on the system's clock.
@Suite(.timeLimit(.minutes(10))) struct LongDeadlineTests {
    @Test func `a deadline of the longest duration traps nowhere`() async {
        await #expect(processExitsWith: .success) {
            let dispatcher = EventDispatcher()
            let gate = Gate()
            let subscription = try dispatcher.on(Ping.self) { _ in await gate.waitIgnoringCancellation() }
            let fire = Task { try await dispatcher.fire(Ping()) }
            await gate.arrivals(1)
            let stop = await SerialTasks().start { await dispatcher.stop(deadline: .seconds(Int64.max)) }
            gate.open()
            _ = try await fire.value
            #expect(await stop.value.isComplete)
            subscription.cancel()
        }
    }

    @Test func `a timeout of the longest duration traps nowhere`() async {
        await #expect(processExitsWith: .success) {
            let dispatcher = EventDispatcher()
            let subscription = try dispatcher.subscribe {
                On(Ping.self) {
                    Handle { _ in await Task.yield() }.timeout(.seconds(Int64.max))
                }
            }
            let report = try await dispatcher.fire(Ping())
            #expect(report.succeeded == 1)
            subscription.cancel()
        }
    }
}
