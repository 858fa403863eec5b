import EventDispatch
import EventDispatchTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct EventSubscriptionTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `cancelling ends all handlers of the subscription`() throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) { Handle { _ in journal.note("ping") } }
            On(UserCreated.self) { Handle { _ in journal.note("user") } }
        }
        #expect(subscription.isActive)
        subscription.cancel()
        #expect(!subscription.isActive)
        #expect(try dispatcher.fireSynchronously(Ping()).isUnhandled)
        #expect(try dispatcher.fireSynchronously(UserCreated()).isUnhandled)
        #expect(dispatcher.handlers.isEmpty)
        #expect(journal.entries.isEmpty)
    }

    @Test func `cancelling twice is cancelling once`() throws {
        let subscription = try dispatcher.on(Ping.self) { _ in }
        let other = try dispatcher.on(Ping.self) { _ in }
        subscription.cancel()
        subscription.cancel()
        #expect(dispatcher.handlers.count == 1)
        other.cancel()
    }

    @Test func `removing one of two identical handlers removes only that one`() throws {
        let handler: @Sendable (Ping) -> Void = { [journal] _ in journal.note("ran") }
        let first = try dispatcher.on(Ping.self, handler)
        let second = try dispatcher.on(Ping.self, handler)
        first.cancel()
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["ran"])
        #expect(second.isActive)
        second.cancel()
    }

    @Test func `letting go of a subscription cancels nothing`() throws {
        _ = try dispatcher.on(Ping.self) { [journal] _ in journal.note("ran") }
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["ran"])
    }

    @Test func `a bag cancels what it holds when it goes`() throws {
        var bag: SubscriptionBag? = SubscriptionBag()
        bag?.insert(try dispatcher.on(Ping.self) { _ in })
        bag?.insert(try dispatcher.on(UserCreated.self) { _ in })
        #expect(dispatcher.handlers.count == 2)
        bag = nil
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `a bag can cancel and go on`() throws {
        let bag = SubscriptionBag()
        bag.insert(try dispatcher.on(Ping.self) { _ in })
        bag.cancel()
        #expect(dispatcher.handlers.isEmpty)
        let later = try dispatcher.on(Ping.self) { _ in }
        bag.insert(later)
        #expect(later.isActive)
    }

    @Test func `a subscription outlives its dispatcher harmlessly`() throws {
        var dispatcher: EventDispatcher? = EventDispatcher()
        let subscription = try dispatcher?.on(Ping.self) { _ in }
        #expect(subscription?.isActive == true)
        dispatcher = nil
        #expect(subscription?.isActive == false)
        subscription?.cancel()
    }

    @Test func `a used up subscription is not active`() throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) { Handle { _ in }.once() }
            On(UserCreated.self) { Handle { _ in }.limit(2) }
        }
        try dispatcher.fireSynchronously(Ping())
        try dispatcher.fireSynchronously(UserCreated())
        #expect(subscription.isActive)
        try dispatcher.fireSynchronously(UserCreated())
        #expect(!subscription.isActive)
    }

    @Test func `the list shows event phase filter limit and call site`() throws {
        let subscription = try dispatcher.subscribe {
            On(UserCreated.self) {
                Phase(.before) {
                    Where(\.role == .admin)
                    Where(\.logins, in: 0..<3)
                    Handle("page", line: 12) { _ in }.limit(3).priority(2)
                }
            }
            On(Ping.self) { Handle(line: 34) { _ in }.named("p\u{1B}ing") }
        }
        try dispatcher.fireSynchronously(UserCreated(role: .admin))
        let list = dispatcher.handlers
        #expect(list.map(\.event) == ["EventDispatchTests.UserCreated", "EventDispatchTests.Ping"])
        #expect(list.map(\.phase) == ["before", "during"])
        #expect(list.map(\.filter) == [#"\.role == .admin && \.logins in 0..<3"#, nil])
        #expect(list.map(\.limitLeft) == [2, nil])
        #expect(list.map(\.priority) == [2, 0])
        #expect(list.map(\.handlerName) == ["page", "p\u{1B}ing"])
        #expect(list.map(\.location.line) == [12, 34])
        #expect(
            list.map(\.description) == [
                #"EventDispatchTests.UserCreated before: where \.role == .admin && \.logins in 0..<3 (2 left) 'page' at "#
                    + list[0].location.description,
                #"EventDispatchTests.Ping during: 'p\u{1B}ing' at "# + list[1].location.description,
            ]
        )
        subscription.cancel()
    }

    @Test func `the list stands in the order of registration`() throws {
        let subscriptions = SubscriptionBag()
        for round in 0..<10 {
            subscriptions.insert(
                try dispatcher.subscribe {
                    On(Ping.self) { Handle("\(round) a") { _ in } }
                    On(UserCreated.self) { Phase(.before) { Handle("\(round) b") { _ in } } }
                    On(Track.self) { Handle("\(round) c") { _ in }.priority(round) }
                }
            )
        }
        let expected = (0..<10).flatMap { round in ["a", "b", "c"].map { "\(round) \($0)" } }
        #expect(dispatcher.handlers.map(\.handlerName) == expected)
    }

    @Test func `a fire sees all of a subscription or none`() async throws {
        let changes = Task { [dispatcher] in
            for _ in 0..<2_000 {
                try dispatcher.subscribe {
                    On(Ping.self) { Handle { _ in } }
                    On(UserCreated.self) { Handle { _ in } }
                    On(Ping.self) { Handle { _ in } }
                }
                .cancel()
            }
        }
        for _ in 0..<20_000 {
            // Handlers that are cancelled while the event is on its way are reported as skipped, and count as matched.
            let matched = try dispatcher.fireSynchronously(Ping()).matched
            try #require(matched == 0 || matched == 2)
        }
        try await changes.value
    }

    @Test func `has handlers tells whether any can start`() throws {
        #expect(!dispatcher.hasHandlers(for: Ping.self))
        let subscription = try dispatcher.on(Ping.self, where: \.count == 99) { _ in }
        #expect(dispatcher.hasHandlers(for: Ping.self))
        #expect(!dispatcher.hasHandlers(for: UserCreated.self))
        subscription.cancel()
        #expect(!dispatcher.hasHandlers(for: Ping.self))
    }
}
