import EventDispatch
import Testing

@Suite(.timeLimit(.minutes(10))) struct NamedEventTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = SubscriptionBag()

    @Test func `a handler takes the names that fit a pattern`() throws {
        bag.insert(
            try dispatcher.subscribe {
                On(NamedEvent<Int>.self) {
                    Where(\.name, matches: "shop.*.created")
                    Handle { event in journal.note("\(event.name) \(event.payload)") }
                }
            }
        )
        for name in [
            "shop.order.created", "shop.order.deleted", "shop.user.created", "shop.created", "shop.a.b.created",
        ] {
            try dispatcher.fireSynchronously(NamedEvent(name, 3))
        }
        #expect(journal.entries == ["shop.order.created 3", "shop.user.created 3"])
    }

    @Test func `the rest of a pattern may be empty`() throws {
        bag.insert(
            try dispatcher.on(NamedEvent<Void>.self, where: Filter(\.name, matches: "shop.**")) { [journal] event in
                journal.note(event.name)
            }
        )
        for name in ["shop", "shop.order", "shop.order.created", "shopping"] {
            try dispatcher.fireSynchronously(NamedEvent(name))
        }
        #expect(journal.entries == ["shop", "shop.order", "shop.order.created"])
    }

    @Test func `names are compared as other keys are`() throws {
        bag.insert(
            try dispatcher.on(NamedEvent<Int>.self, where: \.name == "ready" && \.payload == 3) { [journal] event in
                journal.note(event.name)
            }
        )
        try dispatcher.fireSynchronously(NamedEvent("ready", 3))
        try dispatcher.fireSynchronously(NamedEvent("ready", 4))
        try dispatcher.fireSynchronously(NamedEvent("steady", 3))
        #expect(journal.entries == ["ready"])
    }

    @Test func `events with different payloads are different events`() throws {
        bag.insert(try dispatcher.on(NamedEvent<Int>.self) { [journal] event in journal.note("\(event.payload)") })
        try dispatcher.fireSynchronously(NamedEvent("ready", "text"))
        try dispatcher.fireSynchronously(NamedEvent("ready"))
        #expect(journal.entries.isEmpty)
    }

    @Test func `a fire finds its handlers among many patterns`() throws {
        for index in 0..<1_000 {
            bag.insert(
                try dispatcher.on(NamedEvent<Int>.self, where: Filter(\.name, matches: "plugin\(index).*")) {
                    [journal] _ in
                    journal.note("\(index)")
                }
            )
        }
        #expect(try dispatcher.fireSynchronously(NamedEvent("plugin500.loaded", 0)).matched == 1)
        #expect(journal.entries == ["500"])
    }

    @Test func `handlers reply to a named request`() async throws {
        bag.insert(
            try dispatcher.subscribe {
                On(NamedRequest<String, Int>.self) {
                    Where(\.name, matches: "plugin.*.count")
                    Handle { request in request.payload.count }
                    Handle { request in
                        await Task.yield()
                        return request.payload.count * 2
                    }
                }
                On(NamedRequest<Void, Int>.self) { Handle { _ in 7 } }
            }
        )
        let request = NamedRequest<String, Int>("plugin.words.count", "four")
        #expect(try await dispatcher.fire(request).replies == [4, 8])
        #expect(try await dispatcher.fire(NamedRequest("plugin.words.list", "four", reply: Int.self)).isUnhandled)
        #expect(try dispatcher.fireSynchronously(NamedRequest("any", reply: Int.self)).replies == [7])
    }

    @Test func `requests with different replies are different events`() throws {
        bag.insert(try dispatcher.on(NamedRequest<Int, Int>.self) { request in request.payload })
        #expect(try dispatcher.fireSynchronously(NamedRequest<Int, String>("ready", 3)).isUnhandled)
        #expect(try dispatcher.fireSynchronously(NamedRequest<Int, Int>("ready", 3)).replies == [3])
        #expect(try dispatcher.fireSynchronously(NamedEvent("ready", 3)).isUnhandled)
    }

    @Test func `a request finds its handlers among many patterns`() throws {
        for index in 0..<1_000 {
            bag.insert(
                try dispatcher.on(
                    NamedRequest<Int, Int>.self,
                    where: Filter(\.name, matches: "plugin\(index).*")
                ) { _ in index }
            )
        }
        let request = NamedRequest<Int, Int>("plugin17.loaded", 1)
        #expect(try dispatcher.fireSynchronously(request).replies == [17])
        #expect(dispatcher.explain(request).keys.flatMap(\.tables).map(\.candidates) == [1])
    }
}
