import EventDispatch
import EventDispatchTesting
import Testing

/// Line 10 of the contract: what is freed is freed under no lock, so that its `deinit` may use the dispatcher.
@Suite(.timeLimit(.minutes(10))) struct DeinitTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test(arguments: Intrusion.allCases)
    func `a captured value freed by cancel may use the dispatcher`(intrusion: Intrusion) throws {
        let subscription = try {
            let captured = LastWord(intrusion, dispatcher, journal)
            return try dispatcher.on(Ping.self) { _ in captured.listen() }
        }()
        #expect(journal.entries.isEmpty)
        subscription.cancel()
        #expect(journal.entries == ["\(intrusion)"])
    }

    @Test(arguments: Intrusion.allCases)
    func `a captured value freed with a used up handler may use the dispatcher`(intrusion: Intrusion) throws {
        let subscription = try {
            let captured = LastWord(intrusion, dispatcher, journal)
            return try dispatcher.subscribe { On(Ping.self) { Handle { _ in captured.listen() }.once() } }
        }()
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["\(intrusion)"])
        #expect(!subscription.isActive)
    }

    @Test(arguments: Intrusion.allCases)
    func `a captured value freed with a used up block may use the dispatcher`(intrusion: Intrusion) throws {
        let subscription = try {
            let captured = [LastWord(intrusion, dispatcher, journal), LastWord(intrusion, dispatcher, journal)]
            return try dispatcher.subscribe {
                On(Ping.self) {
                    Rule {
                        Handle { [first = captured[0]] _ in first.listen() }
                        Handle { [second = captured[1]] _ in second.listen() }
                    }.limit(1)
                }
            }
        }()
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["\(intrusion)", "\(intrusion)"])
        #expect(!subscription.isActive)
    }

    @Test(arguments: Intrusion.allCases)
    func `a captured value freed with a limit of successes may use the dispatcher`(intrusion: Intrusion) async throws {
        let subscription = try {
            let captured = LastWord(intrusion, dispatcher, journal)
            return try dispatcher.subscribe {
                On(Ping.self) {
                    Handle { _ in
                        await Task.yield()
                        captured.listen()
                    }.limit(1, counting: .successes)
                }
            }
        }()
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["\(intrusion)"])
        #expect(!subscription.isActive)
    }

    @Test(arguments: Intrusion.allCases)
    func `a captured value freed with a dead owner's handler may use the dispatcher`(intrusion: Intrusion) throws {
        final class Owner: Sendable {}
        let subscription = try {
            let captured = LastWord(intrusion, dispatcher, journal)
            let owner = Owner()
            return try dispatcher.on(Ping.self, weak: owner) { _, _ in captured.listen() }
        }()
        try dispatcher.fireSynchronously(UserCreated())
        #expect(journal.entries == ["\(intrusion)"])
        #expect(!subscription.isActive)
    }

    @Test(arguments: Intrusion.allCases)
    func `a captured value freed by cancel all of an owner may use the dispatcher`(intrusion: Intrusion) throws {
        final class Owner: Sendable {}
        let owner = Owner()
        let subscription = try {
            let captured = LastWord(intrusion, dispatcher, journal)
            return try dispatcher.on(Ping.self, weak: owner) { _, _ in captured.listen() }
        }()
        dispatcher.cancelAll(ownedBy: owner)
        #expect(journal.entries == ["\(intrusion)"])
        #expect(!subscription.isActive)
    }

    @Test(arguments: Intrusion.allCases)
    func `an owner that is freed after its handler may use the dispatcher`(intrusion: Intrusion) throws {
        let held = Locked<LastWord?>(LastWord(intrusion, dispatcher, journal))
        let owner = try #require(held.withLock { $0 })
        let subscription = try register(owner) {
            held.withLock { held in
                defer { held = nil }
                return held
            }
        }
        withExtendedLifetime(consume owner) {}
        try dispatcher.fireSynchronously(Ping())
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["\(intrusion)"])
        subscription.cancel()
    }

    @Test(arguments: Intrusion.allCases)
    func `an observer freed with its observation may use the dispatcher`(intrusion: Intrusion) {
        struct Observer: DispatchObserver { let lastWord: LastWord }
        let observation = dispatcher.observe(with: Observer(lastWord: LastWord(intrusion, dispatcher, journal)))
        observation.cancel()
        #expect(journal.entries == ["\(intrusion)"])
    }

    @Test(arguments: Intrusion.allCases)
    func `a value forgotten by a limit per key may use the dispatcher`(intrusion: Intrusion) throws {
        let starts = Tally()
        let subscription = try dispatcher.subscribe {
            On(Signed.self) { Handle { _ in starts.increment() }.limit(1, per: \.token, capacity: 1) }
        }
        try fireSigned(1) { [dispatcher, journal] in intrusion.happen(to: dispatcher, journal) }
        #expect(journal.entries.isEmpty)
        try fireSigned(2) {}
        #expect(journal.entries == ["\(intrusion)"])
        #expect(starts.value == 2)
        subscription.cancel()
    }

    @Test func `a value forgotten by a limit per key may fire the same handler`() throws {
        let starts = Tally()
        let subscription = try dispatcher.subscribe {
            On(Signed.self) { Handle { _ in starts.increment() }.limit(1, per: \.token, capacity: 1) }
        }
        try fireSigned(1) { [dispatcher] in _ = try? dispatcher.fireSynchronously(Signed(token: Token(3) {})) }
        try fireSigned(2) {}
        #expect(starts.value == 3)
        subscription.cancel()
    }

    @Test func `the posted events of a stopped dispatcher are freed under no lock`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.on(Letter.self) { _ in await gate.waitIgnoringCancellation() }
        try await dispatcher.post(Letter(0))
        await gate.arrivals(1)
        try await dispatcher.post(
            Signed(
                token: Token(1) { [dispatcher, journal] in
                    dispatcher.start()
                    Intrusion.post.happen(to: dispatcher, journal)
                }
            )
        )
        #expect(await dispatcher.stop(deadline: .zero).undelivered.count == 1)
        #expect(journal.entries == ["post"])
        gate.open()
        await dispatcher.drain()
        subscription.cancel()
    }

    private func register(
        _ owner: LastWord,
        letGo: @escaping @Sendable () -> LastWord?
    ) throws -> EventSubscription {
        try dispatcher.on(Ping.self, weak: owner) { owner, _ in
            owner.listen()
            _ = letGo()
        }
    }

    private func fireSigned(_ number: Int, atEnd: @escaping @Sendable () -> Void) throws {
        try dispatcher.fireSynchronously(Signed(token: Token(number, atEnd)))
    }
}

/// A key that is an object, and acts when it is freed.
private final class Token: Hashable, Sendable {
    private let number: Int
    private let atEnd: @Sendable () -> Void

    init(_ number: Int, _ atEnd: @escaping @Sendable () -> Void) {
        self.number = number
        self.atEnd = atEnd
    }

    static func == (left: Token, right: Token) -> Bool { left.number == right.number }
    func hash(into hasher: inout Hasher) { hasher.combine(number) }

    deinit { atEnd() }
}

private struct Signed: MatchableEvent {
    let token: Token

    struct MatchKeys: MatchKeySet {
        let token = Key(\.token)
    }
}
