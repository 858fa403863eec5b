import EventDispatch
import EventDispatchTesting
import Synchronization
import TestSupport
import Testing

/// Line 7 of the contract: at most n starts.
@Suite(.timeLimit(.minutes(10))) struct LimitTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `a limited handler starts that often`() throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) { Handle { _ in journal.note("ran") }.limit(3) }
        }
        for _ in 0..<5 { try dispatcher.fireSynchronously(Ping()) }
        #expect(journal.entries.count == 3)
        #expect(!subscription.isActive)
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `removing a used up handler leaves the others`() throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in journal.note("a") }
                Handle { _ in journal.note("once") }.once()
                Handle { _ in journal.note("b") }
            }
        }
        try dispatcher.fireSynchronously(Ping())
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["a", "once", "b", "a", "b"])
        #expect(subscription.isActive)
        subscription.cancel()
    }

    @Test func `events that the filter refuses use up nothing`() throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Where(\.count > 0)
                Handle { event in journal.note("\(event.count)") }.once()
            }
        }
        for count in [0, 0, 1, 2] { try dispatcher.fireSynchronously(Ping(count: count)) }
        #expect(journal.entries == ["1"])
        subscription.cancel()
    }

    @Test func `a throw uses up one start`() throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in
                    journal.note("ran")
                    throw CancellationError()
                }.limit(2)
            }
        }
        for _ in 0..<4 { _ = try? dispatcher.fireSynchronously(Ping()) }
        #expect(journal.entries.count == 2)
        subscription.cancel()
    }

    @Test func `a once handler that fires its own event runs once`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { [dispatcher] _ in
                    journal.note("synchronous")
                    let nested = try dispatcher.fireSynchronously(Ping(count: 1))
                    #expect(nested.isUnhandled)
                }.once()
            }
            On(UserCreated.self) {
                Handle { [dispatcher] event in
                    journal.note("asynchronous")
                    let nested = try await dispatcher.fire(event)
                    #expect(nested.isUnhandled)
                }.once()
            }
        }
        try dispatcher.fireSynchronously(Ping())
        try await dispatcher.fire(UserCreated())
        #expect(journal.entries == ["synchronous", "asynchronous"])
        subscription.cancel()
    }

    @Test func `a failed claim isn't a match`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Phase(.before) { Handle { event in if event.count == 1 { try await gate.wait() } } }
                Handle { _ in journal.note("ran") }.once()
            }
        }
        async let waiting = dispatcher.fire(Ping(count: 1))
        await gate.arrivals(1)
        #expect(try await dispatcher.fire(Ping(count: 2)).matched == 2)
        gate.open()
        let report = try await waiting
        #expect(report.matched == 1)
        #expect(report.outcomes.isEmpty)
        #expect(journal.entries == ["ran"])
        subscription.cancel()
    }

    @Test func `a used up handler's captures are freed by the end of the fire`() throws {
        final class Captured: Sendable {}
        weak var captured: Captured?
        let subscription = try {
            let object = Captured()
            captured = object
            return try dispatcher.subscribe {
                On(Ping.self) { Handle { _ in withExtendedLifetime(object) {} }.once() }
            }
        }()
        #expect(captured != nil)
        try dispatcher.fireSynchronously(Ping())
        #expect(captured == nil)
        #expect(!subscription.isActive)
    }

    @Test func `a handler skipped before its start uses up nothing`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Phase(.before) { Handle { event in if event.count == 1 { try await gate.wait() } } }
                Handle { _ in journal.note("ran") }.once()
            }
        }
        let task = Task { [dispatcher] in try await dispatcher.fire(Ping(count: 1)) }
        await gate.arrivals(1)
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
        #expect(journal.entries.isEmpty)
        try await dispatcher.fire(Ping(count: 2))
        #expect(journal.entries == ["ran"])
        subscription.cancel()
    }

    @Test func `sixty four tasks that fire at once get exactly the limit`() async throws {
        let starts = Counter()
        for round in 0..<scaled(200, full: 10_000) {
            let limit = round % 5 + 1
            let dispatcher = EventDispatcher()
            let subscription = try dispatcher.subscribe {
                On(Ping.self) { Handle { _ in starts.increment() }.limit(limit) }
            }
            let before = starts.value
            await withDiscardingTaskGroup { group in
                for _ in 0..<64 {
                    group.addTask {
                        do { try dispatcher.fireSynchronously(Ping()) } catch { Issue.record(error) }
                    }
                }
            }
            try #require(starts.value - before == limit, "round \(round)")
            try #require(!subscription.isActive)
        }
    }
}

private final class Counter: Sendable {
    private let count = Atomic(0)
    func increment() { count.add(1, ordering: .relaxed) }
    var value: Int { count.load(ordering: .acquiring) }
}
