import EventDispatch
import TestSupport
import Testing

/// What holds while values are being registered: the `hash` of one may do anything, and may take long.
@Suite(.timeLimit(.minutes(10))) struct DuringRegistrationTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test(arguments: 1...2)
    func `a cancel from a hash holds at once`(handlers: Int) throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) { for _ in 0..<handlers { Handle { _ in journal.note("ran") } } }
        }
        let registered = try register { [dispatcher] in
            subscription.cancel()
            _ = try? dispatcher.fireSynchronously(Ping())
        }
        #expect(journal.entries.isEmpty)
        #expect(dispatcher.handlers.map(\.event) == [Slow.eventName])
        registered.cancel()
    }

    @Test func `a cancel from a hash holds at once where another threads still waits`() async throws {
        let door = ThreadGate()
        let subscription = try dispatcher.on(Ping.self) { [journal] _ in journal.note("ran") }
        async let registered = onThread { [dispatcher] in
            try? register {
                door.wait()
                subscription.cancel()
                _ = try? dispatcher.fireSynchronously(Ping())
            }
        }
        try #require(await door.isReached())
        async let first: Void = onThread { subscription.cancel() }
        try #require(await comesTrue { !subscription.isActive })
        door.open()
        await first
        await registered?.cancel()
        #expect(journal.entries.isEmpty)
    }

    @Test func `a second cancel holds when it returns though the first still waits`() async throws {
        let door = ThreadGate()
        let subscription = try dispatcher.on(Ping.self) { [journal] _ in journal.note("ran") }
        async let registered = onThread { try? register { door.wait() } }
        try #require(await door.isReached())
        async let first: Void = onThread { subscription.cancel() }
        try #require(await comesTrue { !subscription.isActive })
        let isNext = Flag()
        let hasFired = Flag()
        async let second: Void = onThread { [dispatcher] in
            isNext.set()
            subscription.cancel()
            _ = try? dispatcher.fireSynchronously(Ping())
            hasFired.set()
        }
        try #require(await comesTrue { isNext.isSet })
        letOthersErr()
        door.open()
        await first
        await second
        await registered?.cancel()
        #expect(journal.entries.isEmpty)
    }

    @Test func `a fire that finds a dead owner doesn't wait for a registration`() async throws {
        let door = ThreadGate()
        let owner = Locked<Owner?>(Owner())
        let weak = try owner.withLock { try dispatcher.on(Ping.self, weak: try #require($0)) { _, _ in } }
        async let registered = onThread { try? register { door.wait() } }
        try #require(await door.isReached())
        owner.withLock { $0 = nil }
        let hasFired = Flag()
        async let fired: Void = onThread { [dispatcher] in
            _ = try? dispatcher.fireSynchronously(UserCreated())
            hasFired.set()
        }
        #expect(await comesTrue { hasFired.isSet })
        door.open()
        await fired
        await registered?.cancel()
        #expect(!weak.isActive)
    }

    @Test func `a stop waits for no registration though it finds a dead owner`() async throws {
        let door = ThreadGate()
        let owner = Locked<Owner?>(Owner())
        let weak = try owner.withLock { try dispatcher.on(Ping.self, weak: try #require($0)) { _, _ in } }
        async let registered = onThread { try? register { door.wait() } }
        try #require(await door.isReached())
        owner.withLock { $0 = nil }
        let isNext = Flag()
        async let next = onThread { [dispatcher] in
            isNext.set()
            return try? dispatcher.on(UserCreated.self) { _ in }
        }
        try #require(await comesTrue { isNext.isSet })
        letOthersErr()
        let hasStopped = await ends { [dispatcher] in await dispatcher.stop() }
        #expect(hasStopped)
        door.open()
        await next?.cancel()
        await registered?.cancel()
        #expect(!weak.isActive)
    }

    @Test func `subscribing nothing from a hash is no registration`() async {
        await #expect(processExitsWith: .success) {
            let dispatcher = EventDispatcher()
            let journal = Journal()
            let registered = try dispatcher.on(
                Slow.self,
                where: \.value
                    == SlowValue {
                        let nothing = try? dispatcher.subscribe { for _ in 0..<0 { On(Ping.self) { Handle { _ in } } } }
                        journal.note("\(nothing != nil)")
                    }
            ) { _ in }
            #expect(Set(journal.entries) == ["true"])
            registered.cancel()
        }
    }

    @Test func `a list from a hash shows no handler of the registration under way`() throws {
        let first = try dispatcher.on(Ping.self) { _ in }
        let registered = try registerTwo { [dispatcher, journal] in
            journal.note(dispatcher.handlers.map(\.event).joined(separator: " "))
        }
        #expect(Set(journal.entries) == [Ping.eventName])
        #expect(dispatcher.handlers.count == 3)
        registered.cancel()
        first.cancel()
    }

    @Test func `an event has no handlers yet for the hash of its first registration`() throws {
        let registered = try registerTwo { [dispatcher, journal] in
            journal.note("\(dispatcher.hasHandlers(for: Slow.self))")
        }
        #expect(Set(journal.entries) == ["false"])
        #expect(dispatcher.hasHandlers(for: Slow.self))
        registered.cancel()
    }

    /// Registers a handler by a value that acts when it is hashed.
    private func register(_ act: @escaping @Sendable () -> Void) throws -> EventSubscription {
        try dispatcher.on(Slow.self, where: \.value == SlowValue(act)) { _ in }
    }

    /// Registers a handler of every event, and with it one by a value that acts when it is hashed.
    private func registerTwo(_ act: @escaping @Sendable () -> Void) throws -> EventSubscription {
        try dispatcher.subscribe {
            On(Slow.self) { Handle { _ in } }
            On(Slow.self) {
                Where(\.value == SlowValue(act))
                Handle { _ in }
            }
        }
    }
}

private final class Owner: Sendable {}

private struct Slow: MatchableEvent {
    let value: SlowValue

    struct MatchKeys: MatchKeySet {
        let value = Key(\.value)
    }
}

/// A value that does something when it is hashed.
private struct SlowValue: Hashable, Sendable {
    private let act: @Sendable () -> Void

    init(_ act: @escaping @Sendable () -> Void) { self.act = act }

    static func == (left: Self, right: Self) -> Bool { true }

    func hash(into hasher: inout Hasher) { act() }
}
