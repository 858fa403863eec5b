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
}
