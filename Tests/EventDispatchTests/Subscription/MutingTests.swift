import EventDispatch
import EventDispatchTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct MutingTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `a muted handler isn't a match and others run`() throws {
        let muted = try dispatcher.on(Ping.self) { [journal] _ in journal.note("muted") }
        let other = try dispatcher.on(Ping.self) { [journal] _ in journal.note("other") }
        let report = try muted.muted { try dispatcher.fireSynchronously(Ping()) }
        #expect(report.matched == 1)
        #expect(journal.entries == ["other"])
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["other", "muted", "other"])
        other.cancel()
        muted.cancel()
    }

    @Test func `all handlers of the subscription are muted`() throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) { Handle { _ in } }
            On(Ping.self) { Handle { _ in await Task.yield() } }
            On(UserCreated.self) { Handle { _ in } }
        }
        let matched = try subscription.muted {
            try [dispatcher.fireSynchronously(Ping()).matched, dispatcher.fireSynchronously(UserCreated()).matched]
        }
        #expect(matched == [0, 0])
        subscription.cancel()
    }

    @Test func `the asynchronous form mutes until its closure has ended`() async throws {
        let subscription = try dispatcher.on(Ping.self) { [journal] _ in journal.note("ran") }
        let report = try await subscription.muted {
            await Task.yield()
            return try await dispatcher.fire(Ping())
        }
        #expect(report.isUnhandled)
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["ran"])
        subscription.cancel()
    }

    @MainActor @Test func `the asynchronous form runs on the caller's actor`() async throws {
        let subscription = try dispatcher.on(Ping.self) { _ in }
        await subscription.muted {
            await Task.yield()
            MainActor.preconditionIsolated()
        }
        subscription.cancel()
    }

    @Test func `a muting ends when the closure throws`() async throws {
        let subscription = try dispatcher.on(Ping.self) { [journal] _ in journal.note("ran") }
        #expect(throws: CancellationError.self) { try subscription.muted { throw CancellationError() } }
        await #expect(throws: CancellationError.self) {
            try await subscription.muted {
                await Task.yield()
                throw CancellationError()
            }
        }
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["ran"])
        subscription.cancel()
    }

    @Test func `the closure's value is returned`() async throws {
        let subscription = try dispatcher.on(Ping.self) { _ in }
        #expect(subscription.muted { 3 } == 3)
        let four = await subscription.muted {
            await Task.yield()
            return 4
        }
        #expect(four == 4)
        subscription.cancel()
    }

    @Test func `nested mutings end with the outermost`() throws {
        let subscription = try dispatcher.on(Ping.self) { _ in }
        let report = try subscription.muted {
            subscription.muted {}
            return try dispatcher.fireSynchronously(Ping())
        }
        #expect(report.isUnhandled)
        #expect(try dispatcher.fireSynchronously(Ping()).succeeded == 1)
        subscription.cancel()
    }

    @Test func `overlapping mutings end with the last`() async throws {
        let subscription = try dispatcher.on(Ping.self) { _ in }
        let (first, second) = (Gate(), Gate())
        let one = Task { try await subscription.muted { try await first.wait() } }
        let two = Task { try await subscription.muted { try await second.wait() } }
        await first.arrivals(1)
        await second.arrivals(1)
        first.open()
        try await one.value
        #expect(try dispatcher.fireSynchronously(Ping()).isUnhandled)
        second.open()
        try await two.value
        #expect(try dispatcher.fireSynchronously(Ping()).succeeded == 1)
        subscription.cancel()
    }

    @Test func `a muted handler uses up no limit`() throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) { Handle { _ in journal.note("ran") }.once() }
        }
        try subscription.muted { _ = try dispatcher.fireSynchronously(Ping()) }
        try dispatcher.fireSynchronously(Ping())
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["ran"])
    }

    @Test func `a handler that had matched is skipped as muted`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) { Phase(.after) { Handle { _ in journal.note("ran") } } }
        }
        let earlier = try dispatcher.on(Ping.self) { _ in try await gate.wait() }
        let fire = Task { [dispatcher] in try await dispatcher.fireReporting(Ping()) }
        await gate.arrivals(1)
        let report = try await subscription.muted {
            gate.open()
            return try await fire.value
        }
        #expect(report.outcomes.map { "\($0.result)" } == ["skipped: muted"])
        #expect(journal.entries.isEmpty)
        subscription.cancel()
        earlier.cancel()
    }

    @Test func `a muted subscription is active and listed as muted`() throws {
        let subscription = try dispatcher.on(Ping.self) { _ in }
        #expect(dispatcher.handlers.map(\.isMuted) == [false])
        subscription.muted {
            #expect(subscription.isActive)
            #expect(dispatcher.handlers.map(\.isMuted) == [true])
            #expect(dispatcher.hasHandlers(for: Ping.self))
        }
        subscription.cancel()
    }

    @Test func `an explanation tells of a muting`() throws {
        let subscription = try dispatcher.on(Ping.self) { _ in }
        let explanation = subscription.muted { dispatcher.explain(Ping()) }
        #expect(explanation.obstacles.map(\.reason) == [.muted])
        subscription.cancel()
    }

    @Test func `a subscription that is cancelled while muted stays so`() throws {
        let subscription = try dispatcher.on(Ping.self) { _ in }
        subscription.muted { subscription.cancel() }
        #expect(!subscription.isActive)
        #expect(try dispatcher.fireSynchronously(Ping()).isUnhandled)
    }

    @Test func `a handler may mute its own subscription`() throws {
        let box = Box()
        box.subscription = try dispatcher.on(Ping.self) { [journal] _ in
            journal.note("ran")
            let isUnhandled = try box.subscription?.muted { () throws -> Bool? in
                try DispatchContext.current?.dispatcher.fireSynchronously(Ping()).isUnhandled
            }
            journal.note("\(isUnhandled == true)")
        }
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["ran", "true"])
        box.subscription?.cancel()
    }

    private final class Box: @unchecked Sendable {
        // Written before the first fire, read after.
        var subscription: EventSubscription?
    }
}
