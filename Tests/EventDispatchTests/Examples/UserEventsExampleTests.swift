import EventDispatch
import Testing

/// A dispatcher for one subject, from its making to the removal of handlers, step by step.
@Suite(.timeLimit(.minutes(10))) struct UserEventsExampleTests {
    private struct UserEvent: MatchableEvent {
        enum Role: Sendable { case user, admin }
        let user: String
        let role: Role
        let otherData: String

        struct MatchKeys: MatchKeySet {
            let user = Key(\.user)
            let role = Key(\.role)
        }
    }

    private let calls = Journal()

    @Test func `handlers are notified from the start until they are removed`() async throws {
        let dispatcher = EventDispatcher(started: false)
        let subscription = try dispatcher.subscribe(id: "notify admin") {
            On(UserEvent.self) {
                Handle { event in
                    await Task.yield()
                    calls.note("\(event.user) \(event.otherData)")
                }
            }
        }
        await #expect(throws: DispatchError.self) {
            try await dispatcher.fire(UserEvent(user: "bob", role: .user, otherData: "1234"))
        }
        dispatcher.start()
        try await dispatcher.fire(UserEvent(user: "bob", role: .user, otherData: "1234"))
        #expect(calls.entries == ["bob 1234"])
        try await dispatcher.fire(UserEvent(user: "susan", role: .admin, otherData: "4567"))
        #expect(calls.entries == ["bob 1234", "susan 4567"])
        dispatcher.cancel(id: "notify admin")
        try await dispatcher.fire(UserEvent(user: "susan", role: .admin, otherData: "4567"))
        #expect(calls.entries == ["bob 1234", "susan 4567"])
        #expect(!subscription.isActive)
    }

    @Test func `a handler is notified of the events that its filter names`() async throws {
        let dispatcher = EventDispatcher()
        let subscription = try dispatcher.on(UserEvent.self, where: \.role == .user) { [calls] event in
            await Task.yield()
            calls.note(event.user)
        }
        try await dispatcher.fire(UserEvent(user: "susan", role: .admin, otherData: "4567"))
        #expect(calls.entries.isEmpty)
        try await dispatcher.fire(UserEvent(user: "bob", role: .user, otherData: "1234"))
        #expect(calls.entries == ["bob"])
        subscription.cancel()
    }

    @Test func `a handler without a filter is notified of every event`() async throws {
        let dispatcher = EventDispatcher()
        let all = try dispatcher.on(UserEvent.self) { [calls] event in calls.note(event.user) }
        let some = try dispatcher.on(UserEvent.self, where: \.user == "eve") { _ in }
        for user in ["bob", "susan", "eve"] {
            try await dispatcher.fire(UserEvent(user: user, role: .admin, otherData: ""))
        }
        #expect(calls.entries == ["bob", "susan", "eve"])
        all.cancel()
        some.cancel()
    }

    @Test func `tables do not grow with the values that are fired`() async throws {
        let dispatcher = EventDispatcher()
        let subscription = try dispatcher.on(UserEvent.self, where: \.user == "eve") { _ in }
        let probe = UserEvent(user: "eve", role: .user, otherData: "")
        let before = dispatcher.explain(probe).keys.flatMap(\.tables).map(\.entries)
        for number in 0..<1_000 {
            try await dispatcher.fire(UserEvent(user: "user \(number)", role: .user, otherData: ""))
        }
        #expect(dispatcher.explain(probe).keys.flatMap(\.tables).map(\.entries) == before)
        subscription.cancel()
    }

    @Test func `an error reaches the one who fired`() async throws {
        struct NotSent: Error {}
        let dispatcher = EventDispatcher()
        let subscription = try dispatcher.on(UserEvent.self) { _ in throw NotSent() }
        let failure = await #expect(throws: DispatchFailure.self) {
            try await dispatcher.fire(UserEvent(user: "bob", role: .user, otherData: ""))
        }
        #expect(failure?.errors.first is NotSent)
        subscription.cancel()
    }
}
