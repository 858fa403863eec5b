import EventDispatch
import Testing

@Suite(.timeLimit(.minutes(10))) struct EventSubscriberTests {
    private let dispatcher = EventDispatcher()

    private final class Mailroom: EventSubscriber, Sendable {
        let journal = Journal()
        let greetsAdmins: Bool

        init(greetsAdmins: Bool = true) { self.greetsAdmins = greetsAdmins }

        var handlers: [SubscriptionDeclaration] {
            On(UserCreated.self) {
                if !greetsAdmins { Where(\.role != .admin) }
                Handle("greet", greet)
            }
            On(Ping.self) { Handle("pong") { _ in self.journal.note("pong") } }
        }

        func greet(_ event: UserCreated) { journal.note("hello \(event.name)") }
    }

    @MainActor private final class Screen: @MainActor EventSubscriber {
        private(set) var shown: [String] = []

        var handlers: [SubscriptionDeclaration] {
            On(UserCreated.self) { Handle { @MainActor event in self.shown.append(event.name) } }
        }
    }

    @Test func `registering one returns one subscription`() throws {
        let mailroom = Mailroom()
        let subscription = try dispatcher.register(mailroom)
        try dispatcher.fireSynchronously(UserCreated())
        try dispatcher.fireSynchronously(Ping())
        #expect(mailroom.journal.entries == ["hello susan", "pong"])
        #expect(dispatcher.handlers.map(\.handlerName) == ["greet", "pong"])
        subscription.cancel()
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `all handlers are of the one instance`() throws {
        let (first, second) = (Mailroom(), Mailroom(greetsAdmins: false))
        let bag = SubscriptionBag()
        bag.insert(try dispatcher.register(first))
        bag.insert(try dispatcher.register(second))
        try dispatcher.fireSynchronously(UserCreated(role: .admin))
        #expect(first.journal.entries == ["hello susan"])
        #expect(second.journal.entries.isEmpty)
    }

    @Test func `a subscriber can be registered under an ID`() throws {
        let first = try dispatcher.register(Mailroom(), id: "mail")
        let second = try dispatcher.register(Mailroom(), id: "mail")
        #expect(!first.isActive)
        #expect(second.isActive)
        #expect(dispatcher.cancel(id: "mail"))
        #expect(!second.isActive)
    }

    @Test func `a subscriber is freed when its subscription is cancelled`() throws {
        weak var freed: Mailroom?
        let subscription: EventSubscription
        do {
            let mailroom = Mailroom()
            freed = mailroom
            subscription = try dispatcher.register(mailroom)
        }
        #expect(freed != nil)
        subscription.cancel()
        #expect(freed == nil)
    }

    @MainActor @Test func `a subscriber may be of the main actor`() async throws {
        let screen = Screen()
        let subscription = try dispatcher.register(screen)
        try await dispatcher.fire(UserCreated())
        #expect(screen.shown == ["susan"])
        subscription.cancel()
    }
}
