import EventDispatch
import Testing

@Suite(.timeLimit(.minutes(10))) struct EventKindTests {
    @Test func `an event without keys is one line`() throws {
        struct CacheCleared: MatchableEvent {}
        #expect(try timesRun(on: CacheCleared.self, firing: [CacheCleared(), CacheCleared()]) == 2)
    }

    @Test func `an enumeration with payload is an event`() throws {
        let jobs: [Job] = [.started(id: 1), .finished(id: 1, seconds: 2.5), .started(id: 2)]
        #expect(try timesRun(on: Job.self, where: \.id == 1, firing: jobs) == 2)
        #expect(try timesRun(on: Job.self, where: \.isFinished == true, firing: jobs) == 1)
    }

    @Test func `a final class is an event`() throws {
        let uploads = [Upload(path: "/a", bytes: 10), Upload(path: "/b", bytes: 20)]
        #expect(try timesRun(on: Upload.self, where: \.bytes > 10, firing: uploads) == 1)
    }

    @Test func `an actor is an event`() throws {
        let sessions = [Session(user: "susan"), Session(user: "bob")]
        #expect(try timesRun(on: Session.self, where: \.user == "bob", firing: sessions) == 1)
    }

    @Test func `a generic event is matched by specialisation`() throws {
        let dispatcher = EventDispatcher()
        let journal = Journal()
        let subscription = try dispatcher.subscribe {
            On(ModelChange<Account>.self) {
                Where(\.action == .create)
                Handle { event in journal.note("account \(event.model.id)") }
            }
            On(ModelChange<Invoice>.self) {
                Handle { event in journal.note("invoice \(event.model.number)") }
            }
        }
        try dispatcher.fireSynchronously(ModelChange(action: .create, model: Account(id: 7)))
        try dispatcher.fireSynchronously(ModelChange(action: .delete, model: Account(id: 8)))
        try dispatcher.fireSynchronously(ModelChange(action: .delete, model: Invoice(number: "A-1")))
        #expect(journal.entries == ["account 7", "invoice A-1"])
        subscription.cancel()
    }

    @Test func `the name of an event is module and type`() {
        #expect(UserCreated.eventName == "EventDispatchTests.UserCreated")
        #expect(
            ModelChange<Account>.eventName == "EventDispatchTests.ModelChange<EventDispatchTests.Account>"
        )
    }

    @Test func `an event can set its name`() throws {
        struct Renamed: MatchableEvent {
            static let eventName = "shop.renamed"
        }
        let dispatcher = EventDispatcher()
        let subscription = try dispatcher.on(Renamed.self) { _ in }
        #expect(dispatcher.handlers.map(\.event) == ["shop.renamed"])
        subscription.cancel()
    }

    /// Fires events at one handler, and counts how often it ran.
    private func timesRun<Event: MatchableEvent>(
        on type: Event.Type,
        where filter: Filter<Event>? = nil,
        firing events: [Event]
    ) throws -> Int where Event.Reply == Void {
        let dispatcher = EventDispatcher()
        let journal = Journal()
        let subscription = try dispatcher.on(type, where: filter) { _ in journal.note("ran") }
        for event in events { try dispatcher.fireSynchronously(event) }
        subscription.cancel()
        return journal.entries.count
    }
}

private enum Job: MatchableEvent {
    case started(id: Int)
    case finished(id: Int, seconds: Double)

    var id: Int {
        switch self {
        case .started(let id), .finished(let id, _): id
        }
    }

    var isFinished: Bool {
        if case .finished = self { true } else { false }
    }

    struct MatchKeys: MatchKeySet {
        let id = Key(\.id)
        let isFinished = Key(\.isFinished)
    }
}

private final class Upload: MatchableEvent {
    let path: String
    let bytes: Int

    init(path: String, bytes: Int) {
        self.path = path
        self.bytes = bytes
    }

    struct MatchKeys: MatchKeySet {
        let path = Key(\.path)
        let bytes = Key(\.bytes)
    }
}

private actor Session: MatchableEvent {
    nonisolated let user: String

    init(user: String) { self.user = user }

    struct MatchKeys: MatchKeySet {
        let user = Key(\.user)
    }
}

private struct ModelChange<Model: Sendable>: MatchableEvent {
    enum Action: Sendable { case create, update, delete }
    let action: Action
    let model: Model

    struct MatchKeys: MatchKeySet {
        let action = Key(\.action)
    }
}

private struct Account: Sendable { let id: Int }
private struct Invoice: Sendable { let number: String }
