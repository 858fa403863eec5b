import EventDispatchTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct GateTests {
    @Test func aClosedGateHoldsTasksUntilItOpens() async throws {
        let gate = Gate()
        let waiting = Task {
            try await gate.wait()
            return true
        }
        await gate.arrivals(1)
        gate.open()
        #expect(try await waiting.value)
    }

    @Test func anOpenGateLetsEveryonePass() async throws {
        let gate = Gate(isOpen: true)
        try await gate.wait()
        await gate.waitIgnoringCancellation()
        await gate.arrivals(2)
    }

    @Test func arrivalsCountThoseThatHavePassed() async throws {
        let gate = Gate()
        let tasks = (0..<3).map { _ in Task { try await gate.wait() } }
        await gate.arrivals(3)
        gate.open()
        for task in tasks { try await task.value }
        await gate.arrivals(3)
    }

    @Test func aCancelledTaskLeavesTheGate() async {
        let gate = Gate()
        let waiting = Task { try await gate.wait() }
        await gate.arrivals(1)
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }

    @Test func aTaskThatWasCancelledBeforeItCameDoesNotWait() async {
        let gate = Gate()
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await gate.wait()
        }
        await #expect(throws: CancellationError.self) { try await late.value }
    }

    @Test func aTaskCanWaitThroughItsCancellation() async {
        let gate = Gate()
        let stubborn = Task {
            await gate.waitIgnoringCancellation()
            return Task.isCancelled
        }
        await gate.arrivals(1)
        stubborn.cancel()
        gate.open()
        #expect(await stubborn.value)
    }
}
