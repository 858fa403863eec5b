import EventDispatch
import Testing

/// Line 6 of the contract: subscribing and cancelling while a fire is under way.
@Suite(.timeLimit(.minutes(10))) struct ChangeDuringFireTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `a handler added during a fire sees the next fire`() throws {
        let added = SubscriptionBag()
        let subscription = try dispatcher.on(Ping.self) { [dispatcher, journal] _ in
            added.insert(
                try dispatcher.on(Ping.self, during: .after) { _ in journal.note("added") }
            )
        }
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries.isEmpty)
        subscription.cancel()
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["added"])
        added.cancel()
    }

    @Test func `a handler cancelled during a fire does not start`() throws {
        let next = SubscriptionBag()
        let canceller = try dispatcher.on(Ping.self) { _ in next.cancel() }
        next.insert(try dispatcher.on(Ping.self) { [journal] _ in journal.note("ran") })
        let report = try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries.isEmpty)
        #expect(report.outcomes.map(\.result.description) == ["skipped: unsubscribed"])
        canceller.cancel()
    }

    @MainActor @Test func `a handler cancelled on its way to its actor does not start`() async throws {
        let screen = SubscriptionBag()
        let door = ThreadGate()
        struct DoorOpener: DispatchObserver {
            let door: ThreadGate
            func handlerStarted(_ handler: ObservedHandler, in fire: ObservedFire) { door.open() }
        }
        dispatcher.observe(with: DoorOpener(door: door))
        screen.insert(
            try dispatcher.subscribe {
                On(Ping.self) { Handle("draw") { @MainActor [journal] _ in journal.note("ran") } }
            }
        )
        let fire = Task.detached { [dispatcher] in try await dispatcher.fireReporting(Ping()) }
        // The main actor is busy from here on, so the handler waits for it.
        door.wait()
        screen.cancel()
        let report = try await fire.value
        #expect(journal.entries.isEmpty)
        #expect(report.outcomes.map(\.result.description) == ["skipped: unsubscribed"])
    }

    @Test func `a handler cancelled in a nested fire does not start`() throws {
        let victim = SubscriptionBag()
        let subscription = try dispatcher.subscribe {
            On(UserCreated.self) { Handle { _ in victim.cancel() } }
            On(Ping.self) { Handle { [dispatcher] _ in try dispatcher.fireSynchronously(UserCreated()) } }
        }
        victim.insert(try dispatcher.on(Ping.self) { [journal] _ in journal.note("ran") })
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries.isEmpty)
        subscription.cancel()
    }

    @Test func `every handler can remove itself`() throws {
        for _ in 0..<50 {
            let own = SubscriptionBag()
            own.insert(
                try dispatcher.subscribe {
                    On(Ping.self) {
                        Handle { [journal] _ in
                            journal.note("ran")
                            own.cancel()
                        }
                    }
                }
            )
        }
        try dispatcher.fireSynchronously(Ping())
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries.count == 50)
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `a cancelled handler's captures are freed`() throws {
        final class Captured: Sendable {}
        weak var captured: Captured?
        let subscription = try {
            let object = Captured()
            captured = object
            return try dispatcher.on(Ping.self) { _ in withExtendedLifetime(object) {} }
        }()
        #expect(captured != nil)
        subscription.cancel()
        #expect(captured == nil)
    }

    @Test func `the captures of handlers cancelled one by one during a fire are freed at its end`() throws {
        final class Captured: Sendable {
            let freed: Tally
            init(_ freed: Tally) { self.freed = freed }
            deinit { freed.increment() }
        }
        let freed = Tally()
        let others = try (0..<3).map { _ in
            let captured = Captured(freed)
            return try dispatcher.on(UserCreated.self) { _ in withExtendedLifetime(captured) {} }
        }
        let canceller = try dispatcher.on(Ping.self) { _ in for other in others { other.cancel() } }
        try dispatcher.fireSynchronously(Ping())
        #expect(freed.value == 3)
        canceller.cancel()
    }
}
