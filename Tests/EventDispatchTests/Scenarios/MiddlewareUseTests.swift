import EventDispatch
import EventDispatchTesting
import Testing

/// What middleware is for: storage that is written ahead, authorisation, and metrics of everything.
@Suite(.timeLimit(.minutes(10))) struct MiddlewareUseTests {
    /// A file on a disk of limited size.
    private actor Storage {
        struct Full: Error {}

        private(set) var lines: [String] = []
        private let capacity: Int

        init(capacity: Int) { self.capacity = capacity }

        func append(_ line: String) throws {
            guard lines.count < capacity else { throw Full() }
            lines.append(line)
        }
    }

    private protocol ForAdmins: MatchableEvent { var user: String { get } }

    private struct AccountClosed: ForAdmins { let user: String }

    private struct AccountRead: MatchableEvent {}

    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `storage that is written ahead vetoes when the disk is full and nothing is half done`() async throws {
        let storage = Storage(capacity: 2)
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Phase(.before) { Handle { event in journal.note("reserve \(event.count)") } }
                Handle { event in journal.note("apply \(event.count)") }
            }
            OnAny(.before, .gate) { event in try await storage.append("\(event)") }
        }
        for count in 1...2 { try await dispatcher.fire(Ping(count: count)) }
        for count in 3...4 {
            let failure = await #expect(throws: DispatchFailure.self) { try await dispatcher.fire(Ping(count: count)) }
            #expect(failure?.errors.first is Storage.Full)
        }
        #expect(journal.entries == ["reserve 1", "apply 1", "reserve 2", "apply 2"])
        #expect(await storage.lines == ["Ping(count: 1)", "Ping(count: 2)"])
        subscription.cancel()
    }

    @Test func `an authorisation by a protocol keeps its events out and no other`() async throws {
        struct Forbidden: Error {}
        let subscription = try dispatcher.subscribe {
            OnAny(.before, .gate, conformingTo: (any ForAdmins).self) { event in
                guard event.user == "root" else { throw Forbidden() }
            }
            On(AccountClosed.self) { Handle { event in journal.note("closed by \(event.user)") } }
            On(AccountRead.self) { Handle { _ in journal.note("read") } }
        }
        try await dispatcher.fire(AccountRead())
        await #expect(throws: DispatchFailure.self) { try await dispatcher.fire(AccountClosed(user: "bob")) }
        try await dispatcher.fire(AccountClosed(user: "root"))
        #expect(journal.entries == ["read", "closed by root"])
        subscription.cancel()
    }

    @Test func `metrics count everything and an unknown command stays unknown`() async throws {
        let counts = Tally()
        let subscription = try dispatcher.subscribe {
            OnAny(.after) { _ in counts.increment() }
            On(NamedEvent<String>.self) {
                Where(\.name, matches: "text.*")
                Handle { event in journal.note(event.name) }
            }
        }
        #expect(try await !dispatcher.fire(NamedEvent("text.upper", "a")).isUnhandled)
        #expect(try await dispatcher.fire(NamedEvent("paint.blue", "a")).isUnhandled)
        #expect(try await dispatcher.fire(Ping()).isUnhandled)
        #expect(counts.value == 3)
        #expect(journal.entries == ["text.upper"])
        subscription.cancel()
    }
}
