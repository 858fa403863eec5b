import EventDispatch
import Testing

@Suite(.timeLimit(.minutes(10))) struct SubscriptionIDTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `a subscription can be cancelled by its ID`() throws {
        let subscription = try dispatcher.subscribe(id: "audit") {
            On(Ping.self) { Handle { _ in journal.note("ran") } }
        }
        #expect(subscription.id == "audit")
        #expect(dispatcher.subscription(id: "audit") === subscription)
        #expect(dispatcher.cancel(id: "audit"))
        #expect(!subscription.isActive)
        #expect(dispatcher.subscription(id: "audit") == nil)
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries.isEmpty)
    }

    @Test func `cancelling an ID that nobody has does nothing`() {
        #expect(!dispatcher.cancel(id: "audit"))
    }

    @Test func `the list shows the ID`() throws {
        let named = try dispatcher.subscribe(id: "audit") { On(Ping.self) { Handle { _ in } } }
        let unnamed = try dispatcher.on(Ping.self) { _ in }
        #expect(dispatcher.handlers.map(\.subscriptionID) == ["audit", nil])
        named.cancel()
        unnamed.cancel()
    }

    @Test func `an IDIs free again after a cancellation`() throws {
        try dispatcher.subscribe(id: "audit") { On(Ping.self) { Handle { _ in } } }.cancel()
        let second = try dispatcher.subscribe(id: "audit") { On(Ping.self) { Handle { _ in } } }
        #expect(dispatcher.subscription(id: "audit") === second)
        second.cancel()
    }

    @Test func `an IDIs free again when its handlers are used up`() throws {
        let first = try dispatcher.subscribe(id: "audit") { On(Ping.self) { Handle { _ in }.once() } }
        try dispatcher.fireSynchronously(Ping())
        #expect(dispatcher.subscription(id: "audit") == nil)
        let second = try dispatcher.subscribe(id: "audit") { On(Ping.self) { Handle { _ in } } }
        first.cancel()
        #expect(dispatcher.subscription(id: "audit") === second)
        second.cancel()
    }

    @Test func `an IDIs free again when its owner died`() throws {
        var owner: Journal? = Journal()
        if let owner {
            _ = try dispatcher.subscribe(id: "audit") { On(Ping.self) { Handle(weak: owner) { _, _ in } } }
        }
        owner = nil
        let second = try dispatcher.subscribe(id: "audit") { On(Ping.self) { Handle { _ in } } }
        #expect(second.isActive)
        second.cancel()
    }

    @Test func `a refused subscription leaves its ID free`() throws {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe(id: "audit") { On(Ping.self) { Handle { _ in }.limit(0) } }
        }
        #expect(error?.code == .invalidLimit)
        #expect(dispatcher.subscription(id: "audit") == nil)
    }

    @Test func `a replacement takes the ID and cancels its predecessor`() throws {
        let first = try dispatcher.subscribe(id: "audit") { On(Ping.self) { Handle { _ in journal.note("first") } } }
        let second = try dispatcher.subscribe(id: "audit") {
            On(Ping.self) { Handle { _ in journal.note("second") } }
        }
        #expect(!first.isActive)
        #expect(dispatcher.subscription(id: "audit") === second)
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["second"])
        second.cancel()
    }

    @Test func `ids of different dispatchers do not meet`() throws {
        let first = try dispatcher.subscribe(id: "audit") { On(Ping.self) { Handle { _ in } } }
        let second = try EventDispatcher().subscribe(id: "audit") { On(Ping.self) { Handle { _ in } } }
        #expect(first != second)
        first.cancel()
    }
}
