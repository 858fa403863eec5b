import EventDispatch
import Testing

/// Explanations of one subscription.
@Suite(.timeLimit(.minutes(10))) struct ExplainedSubscriptionTests {
    private final class Owner: Sendable {}

    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `only the handlers of the subscription are explained`() throws {
        let others = try dispatcher.on(Parcel.self, where: \.to == "Oslo") { _ in }
        let subscription = try dispatcher.subscribe {
            On(Parcel.self) {
                Handle("matches") { _ in }
                Rule {
                    Where(\.weight == 1)
                    Handle("fails") { _ in }
                }
            }
            On(Ping.self) { Handle { _ in } }
        }
        let explanation = dispatcher.explain(Parcel(), subscription)
        #expect(explanation.isOfOneSubscription)
        #expect(explanation.handlers == 2)
        #expect(explanation.matched.map(\.handler.name) == ["matches"])
        #expect(explanation.obstacles.map(\.first?.name) == ["fails"])
        #expect(explanation.keys.map(\.key) == ["weight"])
        #expect("\(explanation)".hasPrefix("Parcel: 1 of the subscription's 2 handlers matches\n"))
        others.cancel()
        subscription.cancel()
    }

    @Test func `no other subscriptions' closures are asked`() throws {
        let others = try dispatcher.subscribe {
            On(Parcel.self) {
                Where { [journal] _ in
                    journal.note("asked")
                    return true
                }
                Handle { _ in }
            }
        }
        let subscription = try dispatcher.on(Parcel.self, where: Filter { _ in false }) { _ in }
        let explanation = dispatcher.explain(Parcel(), subscription)
        #expect(journal.entries.isEmpty)
        #expect(explanation.scanned.count == 1)
        #expect(explanation.obstacles.map(\.condition) == ["{ … }"])
        others.cancel()
        subscription.cancel()
    }

    @Test func `a used up handler is told as such`() throws {
        let subscription = try dispatcher.subscribe {
            On(Parcel.self) {
                Handle { _ in }.once()
                Handle { _ in }
            }
        }
        try dispatcher.fireSynchronously(Parcel())
        let explanation = dispatcher.explain(Parcel(), subscription)
        #expect(explanation.matched.count == 1)
        #expect(explanation.obstacles.map(\.description) == ["1 handler: a limit leaves no start"])
        subscription.cancel()
    }

    @Test func `a handler whose owner is gone is told as such`() throws {
        var owner: Owner? = Owner()
        let subscription = try dispatcher.subscribe {
            On(Parcel.self) {
                if let owner { Handle("weak", weak: owner) { _, _ in } }
                Handle { _ in }
            }
        }
        owner = nil
        let before = dispatcher.explain(Parcel(), subscription)
        #expect(before.obstacles.map(\.reason) == [.ownerGone])
        #expect(before.obstacles.map(\.first?.name) == ["weak"])
        try dispatcher.fireSynchronously(Ping())
        let after = dispatcher.explain(Parcel(), subscription)
        #expect(after.obstacles.map(\.description) == ["1 handler: the owner is gone"])
        subscription.cancel()
    }

    @Test func `handlers of a living owner that were cancelled are told as such`() throws {
        let owner = Owner()
        let subscription = try dispatcher.on(Parcel.self, weak: owner) { _, _ in }
        dispatcher.cancelAll(ownedBy: owner)
        let obstacles = dispatcher.explain(Parcel(), subscription).obstacles
        #expect(obstacles.map(\.description) == ["1 handler: the subscription is cancelled"])
    }

    @Test func `a cancelled subscription is told as such`() throws {
        let subscription = try dispatcher.on(Parcel.self) { _ in }
        subscription.cancel()
        let explanation = dispatcher.explain(Parcel(), subscription)
        #expect(explanation.matched.isEmpty)
        #expect(explanation.obstacles.map(\.reason) == [.cancelled])
        let text = """
            Parcel: the subscription has no handler for it now

            Did not match
              1 handler: the subscription is cancelled
            """
        #expect("\(explanation)" == text)
    }

    @Test func `the subscription of another dispatcher is told as such`() throws {
        let subscription = try EventDispatcher().on(Parcel.self) { _ in }
        let other = EventDispatcher()
        let here = try other.on(Parcel.self) { _ in }
        #expect(dispatcher.explain(Parcel(), subscription).obstacles.map(\.reason) == [.otherDispatcher])
        #expect(dispatcher.explain(Parcel(), here).obstacles.map(\.reason) == [.otherDispatcher])
        #expect(other.explain(Parcel(), here).matched.count == 1)
        here.cancel()
    }

    @Test func `a subscription to other events has no handler`() throws {
        let subscription = try dispatcher.on(Ping.self) { _ in }
        let explanation = dispatcher.explain(Parcel(), subscription)
        #expect("\(explanation)" == "Parcel: the subscription has no handler for it")
        subscription.cancel()
    }

    @Test func `how near the nearest handler came is counted`() throws {
        let subscription = try dispatcher.subscribe {
            On(Parcel.self) {
                Rule {
                    Where(\.to == "Bergen")
                    Where(\.weight == 1)
                    Where(\.size == .large)
                    Handle { _ in }
                }
                Rule {
                    Where { _ in false }
                    Where(\.to == "Bergen")
                    AnyOf {
                        Where(\.weight == 1)
                        Where(\.weight == 2)
                    }
                    Handle { _ in }
                }
            }
        }
        #expect(dispatcher.explain(Parcel(), subscription).fewestFailures == 2)
        #expect(dispatcher.explain(Parcel(weight: 1), subscription).fewestFailures == 1)
        #expect(dispatcher.explain(Parcel(to: "Bergen", weight: 1), subscription).fewestFailures == 1)
        #expect(dispatcher.explain(Parcel(to: "Bergen", size: .large, weight: 1)).fewestFailures == nil)
        subscription.cancel()
    }
}
