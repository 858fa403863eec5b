import EventDispatch
import EventDispatchTesting
import Testing

/// A handler of any event is one handler, however many types it is for.
@Suite struct OnAnyLifetimeTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = EventSubscriptions()

    private func subscribe(@SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration]) throws {
        bag.insert(try dispatcher.subscribe(declarations))
    }

    @Test func aLimitCountsTheEventsOfAllTypesTogether() throws {
        try subscribe { OnAny { Handle { event in journal.note("\(type(of: event.base))") }.limit(2) } }
        try dispatcher.fireSynchronously(SignedIn())
        try dispatcher.fireSynchronously(OrderDeleted())
        try dispatcher.fireSynchronously(CartEmptied())
        #expect(journal.entries == ["SignedIn", "OrderDeleted"])
        #expect(dispatcher.subscriptions.isEmpty)
    }

    @Test func aBlocksLimitIsOneBudgetForAllTypes() throws {
        try subscribe {
            OnAny {
                Handle { _ in journal.note("a") }
                Handle { _ in journal.note("b") }
            }
            .limit(2)
        }
        try dispatcher.fireSynchronously(SignedIn())
        try dispatcher.fireSynchronously(OrderDeleted())
        try dispatcher.fireSynchronously(SignedIn())
        #expect(journal.entries == ["a", "b", "a", "b"])
    }

    @Test func aLimitMayCountForEachName() throws {
        try subscribe { OnAny { Handle { event in journal.note(event.eventName) }.limit(1, per: \.eventName) } }
        for _ in 0..<3 {
            try dispatcher.fireSynchronously(OrderCreated())
            try dispatcher.fireSynchronously(OrderDeleted())
        }
        #expect(journal.entries == ["shop.order.created", "shop.order.deleted"])
    }

    @Test func aUsedUpHandlerFreesWhatItCaptured() throws {
        weak var captured: Journal?
        do {
            let object = Journal()
            captured = object
            try subscribe { OnAny { Handle { _ in object.note("ran") }.once() } }
        }
        #expect(captured != nil)
        try dispatcher.fireSynchronously(SignedIn())
        #expect(captured == nil)
    }

    @Test func cancellingEndsItForAllTypes() throws {
        let subscription = try dispatcher.subscribe { OnAny { _ in journal.note("ran") } }
        try dispatcher.fireSynchronously(SignedIn())
        #expect(subscription.isActive)
        subscription.cancel()
        try dispatcher.fireSynchronously(SignedIn())
        try dispatcher.fireSynchronously(OrderDeleted())
        #expect(!subscription.isActive)
        #expect(journal.entries == ["ran"])
    }

    @Test func mutingMutesItForAllTypes() throws {
        let subscription = try dispatcher.subscribe { OnAny { _ in journal.note("ran") } }
        try dispatcher.fireSynchronously(SignedIn())
        try subscription.muted {
            try dispatcher.fireSynchronously(SignedIn())
            try dispatcher.fireSynchronously(OrderDeleted())
        }
        try dispatcher.fireSynchronously(OrderDeleted())
        #expect(journal.entries == ["ran", "ran"])
        subscription.cancel()
    }

    @Test func aSubscriptionIsActiveUntilAllItsHandlersAreUsedUp() throws {
        let subscription = try dispatcher.subscribe {
            OnAny { Handle { _ in }.limit(1) }
            OnAny { Handle { _ in }.limit(2) }
        }
        try dispatcher.fireSynchronously(SignedIn())
        #expect(subscription.isActive)
        #expect(dispatcher.subscriptions.map(\.limitLeft) == [1])
        try dispatcher.fireSynchronously(OrderDeleted())
        #expect(!subscription.isActive)
    }

    @Test func anOwnersDeathEndsItForAllTypes() throws {
        var owner: Journal? = Journal()
        let subscription: EventSubscription
        do {
            let object = try #require(owner)
            subscription = try dispatcher.subscribe {
                OnAny { Handle(weak: object) { owner, _ in owner.note("ran") } }
            }
        }
        #expect(try dispatcher.fireSynchronously(SignedIn()).succeeded == 1)
        owner = nil
        #expect(try dispatcher.fireSynchronously(SignedIn()).isUnhandled)
        #expect(dispatcher.subscriptions.isEmpty)
        #expect(!subscription.isActive)
    }

    @Test func endingAnOwnersHandlersEndsItToo() throws {
        try subscribe { OnAny { Handle(weak: journal) { journal, _ in journal.note("ran") } } }
        try dispatcher.fireSynchronously(SignedIn())
        dispatcher.cancelAll(ownedBy: journal)
        try dispatcher.fireSynchronously(SignedIn())
        #expect(journal.entries == ["ran"])
    }

    @Test func theListShowsItOnceWithWhatItIsFor() throws {
        try subscribe {
            OnAny { _ in }
            OnAny(named: "shop.*") { Handle("log") { _ in } }
            OnAny(conformingTo: (any AuditEvent).self) { _ in }
            OnAny(matchingTrusted: /a/) { _ in }
        }
        try dispatcher.fireSynchronously(SignedIn())
        try dispatcher.fireSynchronously(CartEmptied())
        #expect(
            dispatcher.subscriptions.map(\.event) == [
                "any event", #"any event named "shop.*""#, "any event conforming to AuditEvent",
                "any event whose name matches a regular expression",
            ]
        )
        #expect(dispatcher.subscriptions.map(\.phase) == ["main", "main", "main", "main"])
        #expect(dispatcher.subscriptions.map(\.location.line) == [#line - 14, #line - 13, #line - 12, #line - 11])
    }

    @Test func typesThatItIsForHaveHandlers() throws {
        #expect(!dispatcher.hasHandlers(for: OrderDeleted.self))
        let subscription = try dispatcher.subscribe { OnAny(named: "shop.**") { _ in } }
        #expect(dispatcher.hasHandlers(for: OrderDeleted.self))
        #expect(!dispatcher.hasHandlers(for: Letter.self))
        subscription.cancel()
        #expect(!dispatcher.hasHandlers(for: OrderDeleted.self))
    }

    @Test func anExplanationShowsIt() throws {
        let subscription = try dispatcher.subscribe { OnAny(named: "shop.**") { Handle("log") { _ in } } }
        #expect(dispatcher.explain(OrderDeleted()).matched.map(\.handler.name) == ["log"])
        #expect(dispatcher.explain(OrderDeleted(), subscription).matched.map(\.handler.name) == ["log"])
        #expect(dispatcher.explain(SignedIn()).matched.isEmpty)
        subscription.cancel()
    }
}
