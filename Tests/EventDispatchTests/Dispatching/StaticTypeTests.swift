import EventDispatch
import Testing

/// The type that a fire names decides which handlers run, not the type of the object it passes.
@Suite(.timeLimit(.minutes(10))) struct StaticTypeTests {
    private class Animal: MatchableEvent, @unchecked Sendable {
        // Sound: neither class has any state.
        struct MatchKeys: MatchKeySet {}
    }

    private final class Frog: Animal, @unchecked Sendable {}

    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = SubscriptionBag()

    init() throws {
        let journal = journal
        bag.insert(try dispatcher.on(Animal.self) { _ in journal.note("animal") })
        bag.insert(try dispatcher.on(Frog.self) { _ in journal.note("frog") })
        bag.insert(try dispatcher.subscribe { OnAny { event in journal.note("any \(type(of: event))") } })
    }

    @Test func `an object fired as its own type reaches only handlers of that`() throws {
        try dispatcher.fireSynchronously(Frog())
        #expect(journal.entries == ["frog", "any Frog"])
    }

    @Test func `an object fired as its superclass reaches only handlers of that`() throws {
        try dispatcher.fireSynchronously(Frog() as Animal)
        #expect(journal.entries == ["animal", "any Frog"])
    }

    @Test func `an object posted as its superclass reaches only handlers of that`() async throws {
        try await dispatcher.post(Frog() as Animal)
        await dispatcher.drain()
        #expect(journal.entries == ["animal", "any Frog"])
    }
}
