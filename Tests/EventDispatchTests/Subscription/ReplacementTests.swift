import EventDispatch
import TestSupport
import Testing

/// An event reaches a subscription or the one that takes its ID, exactly one of both, wherever its fire stands meanwhile.
@Suite(.timeLimit(.minutes(10))) struct ReplacementTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = SubscriptionBag()

    /// The kinds of handler that tables and fires treat differently.
    enum Kind: CaseIterable, Sendable {
        case unfiltered, byKey, byRange, byClosure, asynchronous, onMainActor, weak, limited, ofAnyEvent, oneOfTwo
    }

    /// When the replacement comes: before the tables are asked for the old handler, after it, or when it is next to start.
    enum Moment: CaseIterable, Sendable { case beforeItIsFound, afterItIsFound, beforeItStarts }

    private func subscribe(_ name: String, as kind: Kind) throws {
        let note: @Sendable () -> Void = { [journal] in journal.note(name) }
        bag.insert(
            try dispatcher.subscribe(id: "audit") {
                switch kind {
                case .unfiltered: On(Ping.self) { Handle { _ in note() } }
                case .byKey:
                    On(Ping.self) {
                        Where(\.count == 0)
                        Handle { _ in note() }
                    }
                case .byRange:
                    On(Ping.self) {
                        Where(\.count < 5)
                        Handle { _ in note() }
                    }
                case .byClosure:
                    On(Ping.self) {
                        Where { $0.count == 0 }
                        Handle { _ in note() }
                    }
                case .asynchronous:
                    On(Ping.self) {
                        Handle { _ in
                            await Task.yield()
                            note()
                        }
                    }
                case .onMainActor: On(Ping.self) { Handle { @MainActor _ in note() } }
                case .weak: On(Ping.self) { Handle(weak: journal) { _, _ in note() } }
                case .limited: On(Ping.self) { Handle { _ in note() }.limit(2) }
                case .ofAnyEvent: OnAny(named: "EventDispatchTests.Ping") { _ in note() }
                case .oneOfTwo:
                    On(Ping.self) { Handle { _ in note() } }
                    On(UserCreated.self) { Handle { _ in note() } }
                }
            }
        )
    }

    /// Subscribes what replaces the old handler by a new one, once.
    private func subscribeReplacing(_ moment: Moment, as kind: Kind) throws {
        let isDone = Flag()
        let replace: @Sendable () -> Void = {
            guard !isDone.isSet else { return }
            isDone.set()
            do { try subscribe("new", as: kind) } catch { journal.note("\(error)") }
        }
        bag.insert(
            try dispatcher.subscribe {
                On(Ping.self) {
                    switch moment {
                    case .beforeItIsFound, .afterItIsFound:
                        Where { _ in
                            replace()
                            return false
                        }
                        Handle { _ in }
                    case .beforeItStarts: Handle { _ in replace() }.priority(1)
                    }
                }
            }
        )
    }

    @Test(arguments: Kind.allCases, Moment.allCases)
    func `an event that is under way reaches the old handler and the next one the new`(_ kind: Kind, _ moment: Moment)
        async throws
    {
        if moment == .beforeItIsFound { try subscribeReplacing(moment, as: kind) }
        try subscribe("old", as: kind)
        if moment != .beforeItIsFound { try subscribeReplacing(moment, as: kind) }
        for expected in [["old"], ["old", "new"]] {
            let report = try await dispatcher.fire(Ping(), detail: .all)
            #expect(journal.entries == expected)
            #expect(report.succeeded == report.matched)
        }
        #expect(dispatcher.subscription(id: "audit") != nil)
    }

    @Test func `many replacements in one fire leave the event to the first`() throws {
        try subscribe("old", as: .unfiltered)
        bag.insert(
            try dispatcher.subscribe {
                On(Ping.self) {
                    Handle { _ in for number in 0..<100 { try subscribe("\(number)", as: .unfiltered) } }.priority(1)
                }
            }
        )
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["old"])
        #expect(dispatcher.handlers.count == 2)
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["old", "99"])
    }

    @Test func `a handler that is replaced on the way to its actor runs there`() async throws {
        let (door, tasks) = (ThreadGate(), SerialTasks())
        let actor = Occupied()
        let occupation = ThreadTasks().start { await actor.occupy(door) }
        try #require(await door.isReached())
        bag.insert(
            try dispatcher.subscribe(id: "audit") {
                On(Ping.self) { Handle(on: actor) { [journal] _, _ in journal.note("old") } }
            }
        )
        let fire = await tasks.start { [dispatcher] in try? await dispatcher.fire(Ping()).succeeded }
        try subscribe("new", as: .unfiltered)
        door.open()
        #expect(await fire.value == 1)
        await occupation.value
        #expect(journal.entries == ["old"])
    }

    @Test func `a fire whose event an operation replaces reaches the old handlers before it and the new ones after it`()
        async throws
    {
        @Sendable func subscribe(_ name: String) throws {
            bag.insert(
                try dispatcher.subscribe(id: "audit") {
                    On(ModelChange<String>.self) {
                        Phase(.before) { Handle { [journal] change in journal.note("\(name) before \(change.model)") } }
                        Phase(.after) { Handle { [journal] change in journal.note("\(name) after \(change.model)") } }
                    }
                }
            )
        }
        try subscribe("old")
        try await dispatcher.performing(.create, on: "draft") {
            try subscribe("new")
            bag.insert(
                try dispatcher.subscribe {
                    On(ModelChange<String>.self) {
                        Phase(.after) { Handle { [journal] _ in journal.note("newcomer") } }
                    }
                }
            )
            return "saved"
        }
        #expect(journal.entries == ["old before draft", "new after saved"])
    }

    @Test func `a cancelled predecessor starts no more in fires that are under way either`() throws {
        let old = try dispatcher.subscribe(id: "audit") {
            On(Ping.self) { Handle { [journal] _ in journal.note("old") } }
        }
        bag.insert(
            try dispatcher.subscribe {
                On(Ping.self) {
                    Handle { _ in
                        try subscribe("new", as: .unfiltered)
                        old.cancel()
                    }
                    .priority(1)
                }
            }
        )
        let report = try dispatcher.fireSynchronously(Ping())
        #expect(report.outcomes.map(\.result.description) == ["skipped: unsubscribed"])
        #expect(journal.entries.isEmpty)
    }

    @Test func `a predecessor is over at once for all who ask`() throws {
        try subscribe("old", as: .unfiltered)
        let old = try #require(dispatcher.subscription(id: "audit"))
        bag.insert(
            try dispatcher.subscribe {
                On(Ping.self) {
                    Handle { [dispatcher] _ in
                        let new = try dispatcher.subscribe(id: "audit") { On(UserCreated.self) { Handle { _ in } } }
                        bag.insert(new)
                        journal.note("\(old.isActive) \(new.isActive) \(dispatcher.subscription(id: "audit") == new)")
                        journal.note("\(dispatcher.handlers.map(\.event))")
                        journal.note("\(dispatcher.explain(Ping(), old).obstacles.map(\.reason))")
                        journal.note("\(dispatcher.explain(Ping()).matched.count)")
                    }
                    .priority(1)
                }
            }
        )
        try dispatcher.fireSynchronously(Ping())
        #expect(
            journal.entries == [
                "false true true", "[\"EventDispatchTests.Ping\", \"EventDispatchTests.UserCreated\"]",
                "[the subscription is cancelled]", "1", "old",
            ]
        )
    }

    @Test func `a predecessor is not among what an explanation calls scanned`() throws {
        try subscribe("old", as: .byClosure)
        bag.insert(
            try dispatcher.on(Ping.self) { [dispatcher] _ in
                try subscribe("new", as: .byClosure)
                let explanation = dispatcher.explain(Ping())
                journal.note("\(explanation.handlers), \(explanation.unfiltered), \(explanation.scanned.count)")
            }
        )
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["old", "2, 1, 1"])
    }

    @Test func `what is replaced while it is explained is told as it was`() throws {
        @Sendable func subscribe() throws {
            bag.insert(
                try dispatcher.subscribe(id: "audit") {
                    On(Restless.self) {
                        Where(\.number == 1)
                        Handle { _ in }
                    }
                }
            )
        }
        try subscribe()
        let explanation = dispatcher.explain(Restless { try? subscribe() })
        #expect(explanation.handlers == 1)
        #expect(explanation.matched.count == 1)
        #expect(explanation.obstacles.isEmpty)
    }

    @Test func `what a predecessor captured is freed at once or with the last fire that may run it`() throws {
        let (first, second) = (WeakCapture(), WeakCapture())
        @Sendable func subscribe(_ capture: WeakCapture) throws {
            let captured = capture.make()
            bag.insert(
                try dispatcher.subscribe(id: "audit") {
                    On(Ping.self) { Handle { _ in withExtendedLifetime(captured) {} } }
                }
            )
        }
        try subscribe(first)
        try subscribe(second)
        bag.cancel()
        #expect(first.isFreed)
        try subscribe(second)
        bag.insert(
            try dispatcher.subscribe {
                On(Ping.self) {
                    Handle { _ in
                        try subscribe(first)
                        journal.note("\(second.isFreed)")
                    }
                    .priority(1)
                }
            }
        )
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["false"])
        bag.cancel()
        #expect(second.isFreed)
    }

    @Test(arguments: [Kind.unfiltered, .byKey, .asynchronous, .oneOfTwo])
    func `beside many replacements each event reaches exactly one`(_ kind: Kind) async throws {
        try subscribe("", as: kind)
        try await beside({ _ in _ = try? subscribe("", as: kind) }) { step in
            for _ in 0..<scaled(200, full: 2_000) {
                step()
                let report = try await dispatcher.fire(Ping())
                try #require(report.succeeded == 1, "so many handlers got an event")
            }
        }
        #expect(dispatcher.handlers.count == (kind == .oneOfTwo ? 2 : 1))
    }

    private actor Occupied {
        func occupy(_ door: ThreadGate) { door.wait() }
    }
}

/// Acts whenever its key is read.
private struct Restless: MatchableEvent {
    let act: @Sendable () -> Void

    var number: Int {
        act()
        return 1
    }

    struct MatchKeys: MatchKeySet {
        let number = Key(\.number)
    }
}
