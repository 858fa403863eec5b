import EventDispatch
import EventDispatchTesting
import Testing

/// Line 3 of the contract: `.reversed` blocks, the order of a shutdown.
@Suite(.timeLimit(.minutes(10))) struct ReversedPhaseTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    private func subscribe(_ names: String..., reversed: Bool = true) throws -> EventSubscription {
        try dispatcher.subscribe {
            On(Ping.self) {
                Phase(.during, reversed ? .reversed : []) {
                    for name in names { Handle(name) { _ in journal.note(name) } }
                }
            }
        }
    }

    @Test(arguments: [ReportDetail.failures, .all])
    func `reversed handlers run from the last to the first`(detail: ReportDetail) async throws {
        let bag = SubscriptionBag()
        bag.insert(try subscribe("a", "b"))
        bag.insert(try subscribe("c"))
        try dispatcher.fireSynchronously(Ping(), detail: detail)
        #expect(journal.entries == ["c", "b", "a"])
        try await dispatcher.fire(Ping(), detail: detail)
        #expect(journal.entries == ["c", "b", "a", "c", "b", "a"])
    }

    @Test func `each waits for the one before`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Phase(.during, .reversed) {
                    for name in ["a", "b", "c"] {
                        Handle { _ in
                            journal.note("\(name) starts")
                            await Task.yield()
                            journal.note("\(name) ends")
                        }
                    }
                }
            }
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["c starts", "c ends", "b starts", "b ends", "a starts", "a ends"])
        subscription.cancel()
    }

    @Test func `those that are not reversed come first among equal priorities`() async throws {
        let bag = SubscriptionBag()
        bag.insert(try subscribe("reversed 1", "reversed 2"))
        bag.insert(try subscribe("plain 1", "plain 2", reversed: false))
        bag.insert(try subscribe("reversed 3"))
        bag.insert(try subscribe("plain 3", reversed: false))
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["plain 1", "plain 2", "plain 3", "reversed 3", "reversed 2", "reversed 1"])
    }

    @Test func `priorities go before the reversal`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Phase(.during, .reversed) {
                    Handle { _ in journal.note("high 1") }.priority(1)
                    Handle { _ in journal.note("low 1") }
                    Handle { _ in journal.note("high 2") }.priority(1)
                    Handle { _ in journal.note("low 2") }
                }
                Handle { _ in journal.note("lowest") }.priority(-1)
            }
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["high 2", "high 1", "low 2", "low 1", "lowest"])
        subscription.cancel()
    }

    @Test func `a reversed handler waits for handlers that are not`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Phase(.during, .reversed) { Handle { _ in journal.note("reversed") } }
                Handle { _ in
                    try await gate.wait()
                    journal.note("plain")
                }
            }
        }
        async let report = dispatcher.fire(Ping())
        await gate.arrivals(1)
        #expect(journal.entries.isEmpty)
        gate.open()
        _ = try await report
        #expect(journal.entries == ["plain", "reversed"])
        subscription.cancel()
    }

    @Test func `phases stay in their order`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Phase(.after, .reversed) { Handle { _ in journal.note("after") } }
                Phase(.before, .reversed) {
                    Handle { _ in journal.note("before 1") }
                    Handle { _ in journal.note("before 2") }
                }
            }
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["before 2", "before 1", "after"])
        subscription.cancel()
    }

    @Test func `explanations and reports have the same order`() async throws {
        let subscription = try subscribe("a", "b", "c")
        let explanation = dispatcher.explain(Ping())
        #expect(explanation.matched.map(\.handler.name) == ["c", "b", "a"])
        let report = try await dispatcher.fire(Ping(), detail: .all)
        #expect(report.outcomes.map(\.handler.name) == ["c", "b", "a"])
        #expect(dispatcher.handlers.map(\.handlerName) == ["a", "b", "c"])
        subscription.cancel()
    }

    @Test func `handlers that are filed in several places run once in their place`() async throws {
        let subscription = try dispatcher.subscribe {
            On(UserCreated.self) {
                Phase(.during, .reversed) {
                    Handle { _ in journal.note("all") }
                    Rule {
                        Where(\.logins, in: [1, 2])
                        Handle { _ in journal.note("one or two") }
                    }
                    Rule {
                        AnyOf {
                            Where(\.name == "susan")
                            Where(\.role == .admin)
                        }
                        Handle { _ in journal.note("susan or admins") }
                    }
                }
            }
        }
        try await dispatcher.fire(UserCreated(name: "susan", role: .admin, logins: 1))
        #expect(journal.entries == ["susan or admins", "one or two", "all"])
        subscription.cancel()
    }

    @Test func `one that takes the place of another is the last`() async throws {
        let bag = SubscriptionBag()
        let old = try dispatcher.subscribe(id: "a") {
            On(Ping.self) { Phase(.during, .reversed) { Handle { _ in journal.note("old a") } } }
        }
        bag.insert(try subscribe("b"))
        bag.insert(
            try dispatcher.subscribe(id: "a") {
                On(Ping.self) { Phase(.during, .reversed) { Handle { _ in journal.note("new a") } } }
            }
        )
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["new a", "b"])
        #expect(!old.isActive)
    }

    @Test func `handlers of any event can be reversed`() async throws {
        let subscription = try dispatcher.subscribe {
            OnAny {
                Phase(.main, .reversed) {
                    Handle { _ in journal.note("any 1") }
                    Handle { _ in journal.note("any 2") }
                }
            }
            On(Ping.self) { Handle { _ in journal.note("own") } }
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["own", "any 2", "any 1"])
        subscription.cancel()
    }
}
