import EventDispatch
import EventDispatchTesting
import Testing

/// Handlers of any event around the phases of each.
@Suite(.timeLimit(.minutes(10))) struct MiddlewareTests {
    private struct DiskFull: Error {}

    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = SubscriptionBag()

    private func subscribe(@SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration]) throws {
        bag.insert(try dispatcher.subscribe(declarations))
    }

    private func note(_ entry: String) { journal.note(entry) }

    @Test func `handlers before and after run around all phases of every event`() async throws {
        try subscribe {
            OnAny(.after) { event in note("after \(type(of: event))") }
            On(PriceRequested.self) {
                Phase(.publish) { Handle { _ in price("publish") } }
                Phase(.collect) { Handle { _ in price("collect") } }
                Handle { _ in price("decide") }
            }
            OnAny { _ in note("any") }
            OnAny(.before) { event in note("before \(type(of: event))") }
        }
        try dispatcher.fireSynchronously(PriceRequested())
        try await dispatcher.fire(SignedIn())
        #expect(
            journal.entries == [
                "before PriceRequested", "collect", "decide", "any", "publish", "after PriceRequested",
                "before SignedIn", "any", "after SignedIn",
            ]
        )
    }

    private func price(_ entry: String) -> Int {
        note(entry)
        return 1
    }

    @Test func `a gate before all keeps everything from starting`() async throws {
        try subscribe {
            OnAny(.before) { _ in note("seen") }
            OnAny(.before, .gate) { _ in throw DiskFull() }
            OnAny(.before, .gate) { _ in note("second gate") }
            OnAny(.before) { _ in note("late watcher") }
            On(Ping.self) { Handle { _ in note("handled") } }
            OnAny(.after) { _ in note("after") }
        }
        let report = try await dispatcher.fireReporting(Ping())
        #expect(journal.entries == ["seen"])
        #expect(report.matched == 6)
        #expect(
            report.outcomes.map { "\($0.result)" }.dropFirst() == Array(repeating: "skipped: gateFailed", count: 4)[...]
        )
        await #expect(throws: DispatchFailure.self) { try await dispatcher.fire(Ping()) }
        #expect(throws: DispatchFailure.self) { try dispatcher.fireSynchronously(Ping()) }
    }

    @Test func `a gate that waits lets nothing start before it has ended`() async throws {
        let gate = Gate()
        try subscribe {
            OnAny(.before, .gate) { _ in
                try await gate.wait()
                note("admitted")
            }
            OnAny(.before) { _ in note("watched") }
            On(Ping.self) { Handle { _ in note("handled") } }
        }
        async let report = dispatcher.fire(Ping())
        await gate.arrivals(1)
        #expect(journal.entries.isEmpty)
        gate.open()
        _ = try await report
        #expect(journal.entries == ["admitted", "watched", "handled"])
    }

    @Test func `handlers before all wait for each other in order of priority and registration`() async throws {
        try subscribe {
            OnAny(.before) {
                Handle { _ in
                    await Task.yield()
                    note("first")
                }
                Handle { _ in note("second") }
                Handle { _ in
                    await Task.yield()
                    note("early")
                }
                .priority(1)
            }
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["early", "first", "second"])
    }

    @Test func `a failure before all that is no gate stops nothing`() async throws {
        try subscribe {
            OnAny(.before) { _ in throw DiskFull() }
            On(Ping.self) { Handle { _ in note("handled") } }
            OnAny(.after) { _ in note("after") }
        }
        let report = try await dispatcher.fireReporting(Ping())
        #expect(journal.entries == ["handled", "after"])
        #expect(report.outcomes.count == 1)
    }

    @Test func `handlers after all run after failures but not after that of a gate`() async throws {
        try subscribe {
            On(Ping.self) { Handle { event in if event.count == 1 { throw DiskFull() } } }
            OnAny(.after) { _ in note("after") }
            On(ModelChange<Letter>.self) { Phase(.before) { Handle { _ in throw DiskFull() } } }
        }
        _ = try await dispatcher.fireReporting(Ping(count: 1))
        #expect(journal.entries == ["after"])
        let report = try await dispatcher.fireReporting(ModelChange(.update, of: Letter(1)))
        #expect(journal.entries == ["after"])
        #expect(report.outcomes.map { "\($0.result)" }.last == "skipped: gateFailed")
    }

    // MARK: Watching

    @Test(arguments: [false, true])
    func `handlers around all phases don't make an event handled`(observed: Bool) async throws {
        let observer = dispatcher.observe(with: JournalObserver(journal: observed ? journal : Journal()))
        try subscribe {
            OnAny(.before) { _ in }
            OnAny(.after) { _ in await Task.yield() }
            On(Ping.self) {
                Where(\.count == 1)
                Handle { _ in }
            }
        }
        let unhandled = try await dispatcher.fire(Ping())
        #expect(unhandled.isUnhandled)
        #expect(unhandled.matched == 2)
        #expect((unhandled as any AnyDispatchReport).isUnhandled)
        #expect(journal.entries.contains("unhandled EventDispatchTests.Ping") == observed)
        let handled = try await dispatcher.fire(Ping(count: 1))
        #expect(!handled.isUnhandled)
        #expect(journal.entries.count { $0.hasPrefix("unhandled") } == (observed ? 1 : 0))
        observer.cancel()
    }

    @Test func `a synchronous fire that only watchers see is unhandled`() throws {
        try subscribe {
            OnAny(.before) { _ in note("before") }
            OnAny(.after) { _ in note("after") }
        }
        let report = try dispatcher.fireSynchronously(Ping())
        #expect(report.isUnhandled)
        #expect(report.succeeded == 2)
        #expect(journal.entries == ["before", "after"])
        try subscribe { OnAny { _ in } }
        #expect(try !dispatcher.fireSynchronously(Ping()).isUnhandled)
    }

    @Test func `a fire around an operation has them in both its halves`() async throws {
        try subscribe {
            OnAny(.before) { _ in note("before") }
            OnAny(.after) { _ in note("after") }
        }
        let (value, report) = try await dispatcher.fireReporting(Ping()) {
            note("operation")
            return 3
        }
        #expect(value == 3)
        #expect(report.isUnhandled)
        #expect(journal.entries == ["before", "operation", "after"])
    }

    @Test func `a gate before all keeps an operation from running`() async throws {
        try subscribe { OnAny(.before, .gate) { _ in throw DiskFull() } }
        let (value, _) = try await dispatcher.fireReporting(Ping()) {
            note("operation")
            return 1
        }
        #expect(value == nil)
        #expect(journal.entries.isEmpty)
    }

    @Test func `posted and nested events have them too`() async throws {
        try subscribe {
            OnAny(.before) { event in note("before \(type(of: event))") }
            On(Ping.self) { Handle { _ in try await DispatchContext.current?.dispatcher.fire(SignedIn()) } }
        }
        try await dispatcher.post(Ping())
        await dispatcher.drain()
        #expect(journal.entries == ["before Ping", "before SignedIn"])
    }

    @Test func `they can be for a protocol and for names`() async throws {
        try subscribe {
            OnAny(.before, .gate, conformingTo: (any AuditEvent).self) { event in
                if event.userID == 2 { throw DiskFull() }
            }
            OnAny(.after, named: "shop.**") { event in note("\(type(of: event))") }
            OnAny { event in note("handled \(type(of: event))") }
        }
        try await dispatcher.fire(SignedIn())
        await #expect(throws: DispatchFailure.self) { try await dispatcher.fire(OrderCreated()) }
        try await dispatcher.fire(OrderDeleted())
        #expect(journal.entries == ["handled SignedIn", "handled OrderDeleted", "OrderDeleted"])
    }

    @Test func `they are listed with their place and reported with it`() async throws {
        try subscribe {
            OnAny(.before, .gate) { _ in throw DiskFull() }
            OnAny(.before) { _ in }
            OnAny(.after) { _ in }
        }
        #expect(dispatcher.handlers.map(\.phase) == ["gate before all", "before all", "after all"])
        let report = try await dispatcher.fireReporting(Ping())
        #expect(report.outcomes.map(\.phase) == ["gate before all", "before all", "after all"])
    }

    @Test func `a limit and a filter hold for all types together`() throws {
        try subscribe {
            OnAny(.before) {
                Where(\.eventName, hasSuffix: "Ping")
                Handle { _ in note("once") }.once()
            }
        }
        try dispatcher.fireSynchronously(SignedIn())
        try dispatcher.fireSynchronously(Ping())
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["once"])
        #expect(dispatcher.handlers.isEmpty)
    }

    // MARK: Mistakes

    @Test func `a gate that nothing comes after is refused with its place`() {
        let error = refusal { () throws(DispatchError) in try dispatcher.subscribe { OnAny(.after, .gate) { _ in } } }
        #expect(error?.code == .misplacedClause)
        #expect(error?.location == CallSite(fileID: #fileID, line: #line - 2))
        let main = refusal { () throws(DispatchError) in try dispatcher.subscribe { OnAny(.main, .gate) { _ in } } }
        #expect(main?.code == .misplacedClause)
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `a phase inside a block around all phases is refused`() {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe { OnAny(.before) { Phase(.main) { Handle { _ in } } } }
        }
        #expect(error?.code == .misplacedClause)
        #expect(error?.message == "phase 'main' of any event stands inside phase 'before all'")
    }
}
