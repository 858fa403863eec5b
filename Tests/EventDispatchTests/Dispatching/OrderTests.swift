import EventDispatch
import EventDispatchTesting
import Testing

/// Line 3 of the contract: how handlers start inside a phase.
@Suite(.timeLimit(.minutes(10))) struct OrderTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `handlers start by phase then priority then registration`() async throws {
        let subscription = try dispatcher.subscribe {
            On(UserCreated.self) {
                Handle { _ in journal.note("during 0") }
                Phase(.after) { Handle { _ in journal.note("after") } }
                Handle { _ in journal.note("during 5") }.priority(5)
                Phase(.before) { Handle { _ in journal.note("before") } }
                Handle { _ in journal.note("during -1") }.priority(-1)
                Handle { _ in journal.note("during 0 again") }
            }
        }
        try await dispatcher.fire(UserCreated())
        #expect(journal.entries == ["before", "during 5", "during 0", "during 0 again", "during -1", "after"])
        subscription.cancel()
    }

    @Test func `the order is the same in a thousand runs`() async throws {
        let subscriptions = SubscriptionBag()
        for id in 0..<100 {
            if id.isMultiple(of: 3) {
                subscriptions.insert(
                    try dispatcher.on(Ping.self) { [journal] _ in
                        journal.note("\(id)")
                        await Task.yield()
                    }
                )
            } else {
                subscriptions.insert(try dispatcher.on(Ping.self) { [journal] _ in journal.note("\(id)") })
            }
        }
        for _ in 0..<1_000 { try await dispatcher.fire(Ping()) }
        let expected = (0..<100).map(String.init)
        for run in 0..<1_000 {
            try #require(Array(journal.entries[run * 100..<(run + 1) * 100]) == expected, "run \(run)")
        }
    }

    @Test func `asynchronous handlers run to their first suspension in place`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in
                    journal.note("a starts")
                    try await gate.wait()
                    journal.note("a ends")
                }
                Handle { _ in journal.note("b") }
                Handle { _ in
                    journal.note("c starts")
                    try await gate.wait()
                    journal.note("c ends")
                }
                Handle { _ in
                    journal.note("d")
                    gate.open()
                }
            }
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries.prefix(4) == ["a starts", "b", "c starts", "d"])
        #expect(journal.entries.suffix(2).sorted() == ["a ends", "c ends"])
        subscription.cancel()
    }

    @Test func `a serial phase makes each wait for the one before`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Phase(.during, .serial) {
                    for id in 1...3 {
                        Handle { _ in
                            journal.note("\(id) starts")
                            await Task.yield()
                            journal.note("\(id) ends")
                        }
                    }
                }
            }
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["1 starts", "1 ends", "2 starts", "2 ends", "3 starts", "3 ends"])
        subscription.cancel()
    }

    @Test func `a serial handler waits for handlers of other blocks too`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in
                    try await gate.wait()
                    journal.note("other")
                }
                Handle { _ in gate.open() }
                Phase(.during, .serial) { Handle { _ in journal.note("serial") } }
            }
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["other", "serial"])
        subscription.cancel()
    }

    @Test(arguments: [PhaseOptions(), .serial], [ReportDetail.failures, .all])
    func `of a phase that has begun a cancellation keeps asynchronous handlers only from starting`(
        options: PhaseOptions,
        detail: ReportDetail
    ) async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Phase(.during, options) {
                    Handle("cancels") { _ in withUnsafeCurrentTask { $0?.cancel() } }
                    Handle("synchronous") { _ in journal.note("synchronous") }
                    if detail == .all { Handle("asynchronous") { _ in await Task.yield() } }
                    Handle("last") { _ in journal.note("last") }
                }
                Phase(.after) { Handle("later") { _ in journal.note("later") } }
            }
        }
        let fire = Task { [dispatcher] in try await dispatcher.fireReporting(Ping(), detail: detail) }
        let report = try await fire.value
        let cancelled = report.outcomes.filter { "\($0.result)" == "cancelled" }.map(\.handler.name)
        #expect(cancelled == (detail == .all ? ["asynchronous", "later"] : ["later"]))
        #expect(journal.entries == ["synchronous", "last"])
        subscription.cancel()
    }
}
