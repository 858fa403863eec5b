import EventDispatch
import Testing

/// Events by name and by class, and types that listen to several of them.
@Suite(.timeLimit(.minutes(10))) struct ListenerExampleTests {
    private struct ExampleEvent: MatchableEvent {
        static var eventName: String { "ExampleEvent" }
        let name: String
        let value: String
        let something: String
    }

    private struct UnnamedEvent: MatchableEvent {}

    /// Listens to one event by its type, and to others by their names.
    private struct ExampleListener: EventSubscriber {
        let journal: Journal

        var handlers: [SubscriptionDeclaration] {
            On(ExampleEvent.self) { Handle("example", handle) }
            OnAny(named: "EventDispatchTests.**") { event in journal.note("\(type(of: event))") }
        }

        func handle(_ event: ExampleEvent) { journal.note("\(event.name) \(event.value) \(event.something)") }
    }

    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = SubscriptionBag()

    @Test func `a handler is registered for a name that is dispatched`() async throws {
        bag.insert(
            try dispatcher.on(NamedEvent<Void>.self, where: \.name == "event.name") { [journal] event in
                journal.note(event.name)
            }
        )
        try await dispatcher.fire(NamedEvent("event.name"))
        try await dispatcher.fire(NamedEvent("event.names"))
        #expect(journal.entries == ["event.name"])
    }

    @Test func `a handler is registered for all names below one`() async throws {
        bag.insert(
            try dispatcher.on(NamedEvent<[String]>.self, where: Filter(\.name, matches: "event.name.**")) {
                [journal] event in journal.note("\(event.name) \(event.payload)")
            }
        )
        try await dispatcher.fire(NamedEvent("event.name.some_event", ["a"]))
        try await dispatcher.fire(NamedEvent("event.name.some.other.event", ["b"]))
        try await dispatcher.fire(NamedEvent("event.other", ["c"]))
        #expect(journal.entries == [#"event.name.some_event ["a"]"#, #"event.name.some.other.event ["b"]"#])
    }

    @Test func `an event is named after its module and type unless it says otherwise`() {
        #expect(UnnamedEvent.eventName == "EventDispatchTests.ListenerExampleTests.UnnamedEvent")
        #expect(ExampleEvent.eventName == "ExampleEvent")
    }

    @Test func `a listener takes events by type and by name`() async throws {
        bag.insert(try dispatcher.register(ExampleListener(journal: journal)))
        try await dispatcher.fire(ExampleEvent(name: "name", value: "value", something: "something"))
        try await dispatcher.fire(UnnamedEvent())
        #expect(journal.entries == ["name value something", "UnnamedEvent"])
    }

    @Test func `a listener may take every event`() async throws {
        bag.insert(try dispatcher.subscribe { OnAny { event in journal.note(type(of: event).eventName) } })
        try await dispatcher.fire(ExampleEvent(name: "", value: "", something: ""))
        try await dispatcher.fire(UnnamedEvent())
        #expect(journal.entries == ["ExampleEvent", "EventDispatchTests.ListenerExampleTests.UnnamedEvent"])
    }

    @Test func `a listener may take the creations of all models`() async throws {
        bag.insert(
            try dispatcher.subscribe {
                OnAny(conformingTo: (any AnyModelChange).self) {
                    Where { event in event.action == .create }
                    Handle { event in journal.note("An \(type(of: event.anyModel)) was created") }
                }
            }
        )
        try await dispatcher.performing(.create, on: 7) { 7 }
        try await dispatcher.performing(.update, on: "text") { "text" }
        #expect(journal.entries == ["An Int was created"])
    }

    @Test func `the queue is cleared after a function`() async throws {
        bag.insert(
            try dispatcher.on(UnnamedEvent.self) { [journal] _ in
                await Task.yield()
                journal.note("handled")
            }
        )
        try await dispatcher.draining { try await dispatcher.post(UnnamedEvent()) }
        #expect(journal.entries == ["handled"])
    }
}
