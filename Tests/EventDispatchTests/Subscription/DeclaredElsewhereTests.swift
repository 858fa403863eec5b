import EventDispatch
import Testing

/// Declarations that are made in one place and subscribed in another.
@Suite(.timeLimit(.minutes(10))) struct DeclaredElsewhereTests {
    private struct Plugin {
        let name: String
        let journal: Journal

        @SubscriptionBuilder var handlers: [SubscriptionDeclaration] {
            On(Ping.self) { Handle(name) { _ in journal.note(name) }.limit(2) }
            On(UserCreated.self) { Handle(name) { _ in journal.note("\(name) user") } }
        }
    }

    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `an array of declarations stands in a builder`() throws {
        let plugin = Plugin(name: "a", journal: journal)
        let subscription = try dispatcher.subscribe {
            On(Ping.self) { Handle { _ in journal.note("before") } }
            plugin.handlers
            On(Ping.self) { Handle { _ in journal.note("after") } }
        }
        try dispatcher.fireSynchronously(Ping())
        try dispatcher.fireSynchronously(UserCreated())
        #expect(journal.entries == ["before", "a", "after", "a user"])
        subscription.cancel()
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `arrays stand in if and for too`() throws {
        let plugins = ["a", "b"].map { Plugin(name: $0, journal: journal) }
        let subscription = try dispatcher.subscribe {
            for plugin in plugins where plugin.name != "a" { plugin.handlers }
            if plugins.count == 2 { plugins[0].handlers }
            plugins.flatMap(\.handlers)
            [SubscriptionDeclaration]()
        }
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["b", "a", "a", "b"])
        subscription.cancel()
    }

    @Test func `a function builds declarations`() throws {
        @SubscriptionBuilder func handlers(_ names: String...) -> [SubscriptionDeclaration] {
            for name in names { On(Ping.self) { Handle { _ in journal.note(name) } } }
        }
        let subscription = try dispatcher.subscribe { handlers("a", "b") }
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["a", "b"])
        subscription.cancel()
    }

    @Test func `each subscription of the same declarations has limits of its own`() throws {
        let handlers = Plugin(name: "a", journal: journal).handlers
        let other = EventDispatcher()
        let bag: SubscriptionBag = [
            try dispatcher.subscribe { handlers }, try dispatcher.subscribe { handlers },
            try other.subscribe { handlers },
        ]
        for _ in 0..<3 {
            try dispatcher.fireSynchronously(Ping())
            try other.fireSynchronously(Ping())
        }
        #expect(journal.entries.count == 6)
        bag.cancel()
    }

    @Test func `a mistake in an array is refused at its own line`() {
        let handlers = On(Ping.self) { Handle { _ in }.limit(0, line: 12) }.declarationsForTest
        let error = refusal { () throws(DispatchError) in try dispatcher.subscribe { handlers } }
        #expect(error?.code == .invalidLimit)
        #expect(error?.location.line == 12)
    }
}

extension On {
    fileprivate var declarationsForTest: [SubscriptionDeclaration] { SubscriptionBuilder.buildExpression(self) }
}
