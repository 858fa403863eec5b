import EventDispatchTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct GateTests {
    @Test func `a closed gate holds tasks until it opens`() async throws {
        let gate = Gate()
        let waiting = Task {
            try await gate.wait()
            return true
        }
        await gate.arrivals(1)
        gate.open()
        #expect(try await waiting.value)
    }

    @Test func `an open gate lets everyone pass`() async throws {
        let gate = Gate(isOpen: true)
        try await gate.wait()
        await gate.waitIgnoringCancellation()
        await gate.arrivals(2)
    }

    @Test func `arrivals count those that have passed`() async throws {
        let gate = Gate()
        let tasks = (0..<3).map { _ in Task { try await gate.wait() } }
        await gate.arrivals(3)
        gate.open()
        for task in tasks { try await task.value }
        await gate.arrivals(3)
    }

    @Test func `a cancelled task leaves the gate`() async {
        let gate = Gate()
        let waiting = Task { try await gate.wait() }
        await gate.arrivals(1)
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }

    @Test func `a task that was cancelled before it came does not wait`() async {
        let gate = Gate()
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await gate.wait()
        }
        await #expect(throws: CancellationError.self) { try await late.value }
    }

    @Test func `a task can wait through its cancellation`() async {
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
