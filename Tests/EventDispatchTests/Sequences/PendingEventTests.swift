import EventDispatch
import EventDispatchTesting
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct PendingEventTests {
    private let clock = ManualClock()
    private let dispatcher: EventDispatcher
    private let journal = Journal()

    init() { dispatcher = EventDispatcher(clock: clock) }

    @Test func `an event that comes before somebody waits is not missed`() async throws {
        let pending = try dispatcher.next(of: Letter.self)
        try dispatcher.fireSynchronously(Letter(1))
        try dispatcher.fireSynchronously(Letter(2))
        #expect(try await pending.value.number == 1)
        #expect(try await pending.value.number == 1)
    }

    @Test func `a task that waits is resumed by the event`() async throws {
        let pending = try dispatcher.next(of: UserCreated.self, where: \.role == .admin)
        let waiting = Task { try await pending.value.name }
        try await dispatcher.fire(UserCreated(name: "bob"))
        try await dispatcher.fire(UserCreated(name: "eve", role: .admin))
        #expect(try await waiting.value == "eve")
    }

    @Test func `several tasks may wait`() async throws {
        let pending = try dispatcher.next(of: Letter.self)
        let waiting = (0..<3).map { _ in Task { try await pending.value.number } }
        try await dispatcher.fire(Letter(7))
        for task in waiting { #expect(try await task.value == 7) }
    }

    @Test func `it ends after its time`() async throws {
        let pending = try dispatcher.next(of: Letter.self, timeout: .seconds(5), line: 12)
        await clock.sleepers(1)
        clock.advance(by: .seconds(5))
        let error = await error(of: pending)
        #expect(error?.code == .timedOut)
        #expect(error?.message == "no Letter came within 5.0 seconds")
        #expect(error?.location.line == 12)
        let isUnsubscribed = await comesTrue { [dispatcher] in !dispatcher.hasHandlers(for: Letter.self) }
        #expect(isUnsubscribed)
    }

    @Test func `an event in time ends the timeout`() async throws {
        let pending = try dispatcher.next(of: Letter.self, timeout: .seconds(5))
        await clock.sleepers(1)
        try dispatcher.fireSynchronously(Letter(1))
        clock.advance(by: .seconds(5))
        #expect(try await pending.value.number == 1)
    }

    @Test func `an event that is too late for the timeout is not handled`() async throws {
        let pending = try dispatcher.next(of: Letter.self, timeout: .seconds(5))
        let waiting = Task { await error(of: pending) }
        await clock.sleepers(1)
        let gate = ThreadGate()
        // The event has been taken out of the subscription's limit when the time comes, and is not in anybody's hands yet.
        let observation = dispatcher.observe(with: ActingObserver { gate.wait() })
        let fire = Task { [dispatcher] in await onThread { try? dispatcher.fireSynchronously(Letter(1), detail: .all) }
        }
        let isReached = await gate.isReached()
        #expect(isReached)
        clock.advance(by: .seconds(5))
        #expect(await waiting.value?.code == .timedOut)
        gate.open()
        let report = await fire.value
        #expect(report?.succeeded == 0)
        #expect(report?.outcomes.map { "\($0.result)" } == ["skipped: unsubscribed"])
        observation.cancel()
    }

    @Test func `an event is handled exactly when it did not time out`() async throws {
        var contradictions = 0
        for _ in 0..<scaled(50, full: 500) {
            let pending = try dispatcher.next(of: Letter.self, timeout: .seconds(5))
            await clock.sleepers(1)
            let fire = Task.detached { [dispatcher] in try dispatcher.fireSynchronously(Letter(1)).succeeded }
            clock.advance(by: .seconds(5))
            let hasCome = await error(of: pending) == nil
            if (try await fire.value == 1) != hasCome { contradictions += 1 }
        }
        #expect(contradictions == 0)
    }

    @Test func `it ends when the dispatcher has stopped`() async throws {
        let pending = try dispatcher.next(of: Letter.self)
        let waiting = Task { await error(of: pending) }
        await dispatcher.stop()
        #expect(await waiting.value?.code == .cancelled)
        #expect(!dispatcher.hasHandlers(for: Letter.self))
    }

    @Test func `it ends at once where the dispatcher has stopped before`() async throws {
        await dispatcher.stop()
        let pending = try dispatcher.next(of: Letter.self)
        #expect(await error(of: pending)?.code == .cancelled)
        dispatcher.start()
        let next = try dispatcher.next(of: Letter.self)
        try await dispatcher.fire(Letter(2))
        #expect(try await next.value.number == 2)
    }

    @Test func `one that has come keeps its event when the dispatcher stops`() async throws {
        let pending = try dispatcher.next(of: Letter.self)
        try await dispatcher.post(Letter(1))
        await dispatcher.stop()
        #expect(try await pending.value.number == 1)
    }

    @Test func `a time that is not positive is refused`() {
        let error = #expect(throws: DispatchError.self) { _ = try dispatcher.next(of: Letter.self, timeout: .zero) }
        #expect(error?.code == .invalidTimeout)
    }

    @Test func `cancelling one who waits ends the wait of no other`() async throws {
        let pending = try dispatcher.next(of: Letter.self)
        let first = Task { try await pending.value.number }
        let second = Task { try await pending.value.number }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        try await dispatcher.fire(Letter(1))
        #expect(try await second.value == 1)
    }

    @Test func `letting go of it unsubscribes`() throws {
        var pending: PendingEvent<Letter>? = try dispatcher.next(of: Letter.self)
        #expect(pending != nil && dispatcher.hasHandlers(for: Letter.self))
        pending = nil
        #expect(!dispatcher.hasHandlers(for: Letter.self))
    }

    @Test func `it unsubscribes with the first event`() throws {
        let pending = try dispatcher.next(of: Letter.self)
        try dispatcher.fireSynchronously(Letter(1))
        #expect(!dispatcher.hasHandlers(for: Letter.self))
        withExtendedLifetime(pending) {}
    }

    @Test func `cancelling it ends the waits`() async throws {
        let pending = try dispatcher.next(of: Letter.self)
        let waiting = Task { await error(of: pending) }
        pending.cancel()
        #expect(await waiting.value?.code == .cancelled)
    }

    @Test func `it ends when the dispatcher goes`() async throws {
        var dispatcher: EventDispatcher? = EventDispatcher()
        let pending = try #require(try dispatcher?.next(of: Letter.self))
        dispatcher = nil
        let error = await error(of: pending)
        #expect(error?.code == .cancelled)
    }

    private func error(of pending: PendingEvent<Letter>) async -> DispatchError? {
        do { _ = try await pending.value } catch { return error as? DispatchError }
        return nil
    }
}
