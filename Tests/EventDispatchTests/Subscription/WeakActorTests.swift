import EventDispatch
import EventDispatchTesting
import Testing

/// Handlers of actors that are held weakly: isolated to the actor, and gone with it.
@Suite(.timeLimit(.minutes(10))) struct WeakActorTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `a synchronous handler runs on the actor`() async throws {
        let mailer = Mailer(journal)
        let subscription = try dispatcher.on(Ping.self, weak: mailer) { mailer, event in mailer.send("\(event.count)") }
        try await dispatcher.fire(Ping(count: 3))
        #expect(journal.entries == ["3"])
        subscription.cancel()
    }

    @Test func `an asynchronous handler runs on the actor after suspensions too`() async throws {
        let mailer = Mailer(journal)
        let subscription = try dispatcher.on(Ping.self, weak: mailer) { mailer, _ in
            mailer.send("before")
            await Task.yield()
            mailer.send("after")
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["before", "after"])
        subscription.cancel()
    }

    @Test func `on its actor a synchronous handler runs in place`() async throws {
        let mailer = Mailer(journal)
        let subscription = try dispatcher.on(Ping.self, weak: mailer) { mailer, _ in mailer.send("in place") }
        #expect(try await mailer.fireInPlace(dispatcher).succeeded == 1)
        #expect(journal.entries == ["in place"])
        subscription.cancel()
    }

    @Test func `from elsewhere it has to be awaited`() async throws {
        let mailer = Mailer(journal)
        let subscription = try dispatcher.on(Ping.self, weak: mailer) { _, _ in }
        let error = #expect(throws: DispatchError.self) { try dispatcher.fireSynchronously(Ping()) }
        #expect(error?.code == .asynchronousHandler)
        subscription.cancel()
    }

    @Test func `the handler does not keep the actor and ends with it`() async throws {
        var mailer: Mailer? = Mailer(journal)
        weak let gone = mailer
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                if let mailer {
                    Handle("synchronous", weak: mailer) { mailer, _ in mailer.send("synchronous") }
                    Handle("asynchronous", weak: mailer) { mailer, _ in
                        await Task.yield()
                        mailer.send("asynchronous")
                    }
                }
            }
        }
        #expect(try await dispatcher.fire(Ping()).succeeded == 2)
        mailer = nil
        // The runtime's thread lets go of an actor a moment after its last job.
        while gone != nil, !Task.isCancelled { await Task.yield() }
        #expect(gone == nil)
        #expect(try await dispatcher.fire(Ping()).isUnhandled)
        #expect(!subscription.isActive)
        #expect(dispatcher.handlers.isEmpty)
        #expect(journal.entries.sorted() == ["asynchronous", "synchronous"])
    }

    @Test func `cancelling all that an actor owns ends its handlers`() async throws {
        let mailer = Mailer(journal)
        let subscription = try dispatcher.on(Ping.self, weak: mailer) { mailer, _ in mailer.send("ran") }
        dispatcher.cancelAll(ownedBy: mailer)
        #expect(try await dispatcher.fire(Ping()).isUnhandled)
        #expect(!subscription.isActive)
    }

    @Test func `replies come back from the actor`() async throws {
        struct Counted: MatchableEvent { typealias Reply = Int }
        let mailer = Mailer(journal)
        let subscription = try dispatcher.subscribe {
            On(Counted.self) {
                Handle(weak: mailer) { mailer, _ in
                    mailer.send("counted")
                    return mailer.sent
                }
            }
        }
        #expect(try await dispatcher.fire(Counted()).replies == [1])
        subscription.cancel()
    }

    @Test func `a time-out is for the asynchronous one`() async throws {
        let mailer = Mailer(journal)
        let error = refusal { () throws(DispatchError) in
            try dispatcher.on(Ping.self, Handle(weak: mailer) { mailer, _ in mailer.send("x") }.timeout(.seconds(1)))
        }
        #expect(error?.code == .invalidTimeout)
        let subscription = try dispatcher.on(
            Ping.self,
            Handle(weak: mailer) { mailer, _ in
                await Task.yield()
                mailer.send("ran")
            }.timeout(.seconds(60))
        )
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["ran"])
        subscription.cancel()
    }
}

private actor Mailer {
    private nonisolated let journal: Journal
    private(set) var sent = 0

    init(_ journal: Journal) { self.journal = journal }

    func send(_ text: String) {
        preconditionIsolated()
        sent += 1
        journal.note(text)
    }

    func fireInPlace(_ dispatcher: EventDispatcher) throws -> DispatchReport<Ping> {
        try dispatcher.fireSynchronously(Ping())
    }
}
