import EventDispatch
import Testing

/// `print(dispatcher)`: a table of who listens to what.
@Suite(.timeLimit(.minutes(10))) struct ListingTests {
    private struct Opened: MatchableEvent { static var eventName: String { "door.opened" } }
    private struct Closed: MatchableEvent {
        var room = 0
        static var eventName: String { "door.closed" }

        struct MatchKeys: MatchKeySet { let room = Key(\.room) }
    }

    private let dispatcher = EventDispatcher(name: "house")
    private let bag = SubscriptionBag()

    @Test func `events and phases and handlers stand in order`() throws {
        try dispatcher.subscribe {
            On(Opened.self) {
                Phase(.after) { Handle("last", line: 1) { _ in } }
                Handle("second", line: 2) { _ in }
                Handle("first", line: 3) { _ in }.priority(2)
            }
            OnAny(named: "door.*") { Handle("any", line: 4) { _ in } }
            On(Closed.self) {
                Where(\.room > 3)
                Handle("limited", line: 5) { _ in }.limit(3)
                Phase(.before, .reversed) {
                    Handle("opened first", line: 6) { _ in }
                    Handle("opened last", line: 7) { _ in }
                }
            }
        }.store(in: bag)
        let file = #fileID
        #expect(
            dispatcher.description == """
                EventDispatcher 'house': 7 handlers
                door.closed
                  before
                    'opened last' at \(file):7, where \\.room > 3
                    'opened first' at \(file):6, where \\.room > 3
                  during
                    'limited' at \(file):5, where \\.room > 3, 3 starts left
                door.opened
                  during
                    'first' at \(file):3, priority 2
                    'second' at \(file):2
                  after
                    'last' at \(file):1
                any event named "door.*"
                  main
                    'any' at \(file):4
                """
        )
    }

    @Test func `a dispatcher without handlers says so`() {
        #expect("\(dispatcher)" == "EventDispatcher 'house': 0 handlers")
        #expect("\(EventDispatcher())" == "EventDispatcher: 0 handlers")
    }

    @Test func `starts that are used are counted and handlers that are used up are gone`() throws {
        try dispatcher.on(Opened.self, Handle("three", line: 1) { _ in }.limit(3)).store(in: bag)
        try dispatcher.on(Opened.self, Handle("one", line: 2) { _ in }.once()).store(in: bag)
        try dispatcher.fireSynchronously(Opened())
        #expect(dispatcher.description.hasSuffix("'three' at \(#fileID):1, 2 starts left"))
        #expect(!dispatcher.description.contains("'one'"))
    }

    @Test func `a muted subscription is marked`() throws {
        let subscription = try dispatcher.on(Opened.self) { _ in }
        subscription.muted { #expect(dispatcher.description.hasSuffix(", muted")) }
        #expect(!dispatcher.description.contains("muted"))
        bag.insert(subscription)
    }

    @Test func `names are escaped and filters cut`() throws {
        struct Odd: MatchableEvent {
            var text = ""
            static var eventName: String { "odd\nevent" }
            struct MatchKeys: MatchKeySet { let text = Key(\.text) }
        }
        let dispatcher = EventDispatcher(name: "a\u{1B}b")
        let long = String(repeating: "x", count: 10_000)
        try dispatcher.on(Odd.self, where: \.text == long, Handle("evil\r\nname", line: 1) { _ in }).store(in: bag)
        let lines = dispatcher.description.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 4)
        #expect(lines[0] == #"EventDispatcher 'a\u{001B}b': 1 handler"# || lines[0].contains(#"\u{"#))
        #expect(lines[1] == #"odd\nevent"#)
        #expect(lines[3].hasSuffix("…") && lines[3].count < 400)
        #expect(!dispatcher.description.unicodeScalars.contains("\r"))
    }

    @Test func `types of the same name are apart`() throws {
        enum First { struct Event: MatchableEvent { static var eventName: String { "same" } } }
        enum Second { struct Event: MatchableEvent { static var eventName: String { "same" } } }
        try dispatcher.on(First.Event.self) { _ in }.store(in: bag)
        try dispatcher.on(Second.Event.self) { _ in }.store(in: bag)
        #expect(dispatcher.description.split(separator: "\n").count { $0 == "same" } == 2)
    }
}
