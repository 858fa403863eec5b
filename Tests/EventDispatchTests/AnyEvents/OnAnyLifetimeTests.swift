import EventDispatch
import EventDispatchTesting
import Testing

/// A handler of any event is one handler, however many types it is for.
@Suite(.timeLimit(.minutes(10))) struct OnAnyLifetimeTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = SubscriptionBag()

    private func subscribe(@SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration]) throws {
        bag.insert(try dispatcher.subscribe(declarations))
    }

    @Test func `a limit counts the events of all types together`() throws {
        try subscribe { OnAny { Handle { event in journal.note("\(type(of: event.base))") }.limit(2) } }
        try dispatcher.fireSynchronously(SignedIn())
        try dispatcher.fireSynchronously(OrderDeleted())
        try dispatcher.fireSynchronously(CartEmptied())
        #expect(journal.entries == ["SignedIn", "OrderDeleted"])
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `a block's limit is one budget for all types`() throws {
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

    @Test func `a limit may count for each name`() throws {
        try subscribe { OnAny { Handle { event in journal.note(event.eventName) }.limit(1, per: \.eventName) } }
        for _ in 0..<3 {
            try dispatcher.fireSynchronously(OrderCreated())
            try dispatcher.fireSynchronously(OrderDeleted())
        }
        #expect(journal.entries == ["shop.order.created", "shop.order.deleted"])
    }

    @Test func `a used up handler frees what it captured`() throws {
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

    @Test func `cancelling ends it for all types`() throws {
        let subscription = try dispatcher.subscribe { OnAny { _ in journal.note("ran") } }
        try dispatcher.fireSynchronously(SignedIn())
        #expect(subscription.isActive)
        subscription.cancel()
        try dispatcher.fireSynchronously(SignedIn())
        try dispatcher.fireSynchronously(OrderDeleted())
        #expect(!subscription.isActive)
        #expect(journal.entries == ["ran"])
    }

    @Test func `muting mutes it for all types`() throws {
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

    @Test func `a subscription is active until all its handlers are used up`() throws {
        let subscription = try dispatcher.subscribe {
            OnAny { Handle { _ in }.limit(1) }
            OnAny { Handle { _ in }.limit(2) }
        }
        try dispatcher.fireSynchronously(SignedIn())
        #expect(subscription.isActive)
        #expect(dispatcher.handlers.map(\.limitLeft) == [1])
        try dispatcher.fireSynchronously(OrderDeleted())
        #expect(!subscription.isActive)
    }

    @Test func `an owners death ends it for all types`() throws {
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
        #expect(dispatcher.handlers.isEmpty)
        #expect(!subscription.isActive)
    }

    @Test func `ending an owner's handlers ends it too`() throws {
        try subscribe { OnAny { Handle(weak: journal) { journal, _ in journal.note("ran") } } }
        try dispatcher.fireSynchronously(SignedIn())
        dispatcher.cancelAll(ownedBy: journal)
        try dispatcher.fireSynchronously(SignedIn())
        #expect(journal.entries == ["ran"])
    }

    @Test func `the list shows it once with what it is for`() throws {
        try subscribe {
            OnAny(line: 1) { _ in }
            OnAny(named: "shop.*") { Handle("log", line: 2) { _ in } }
            OnAny(conformingTo: (any AuditEvent).self, line: 3) { _ in }
            OnAny(conformingTo: (any AuditEvent).self, named: "shop.**", line: 4) { _ in }
        }
        try dispatcher.fireSynchronously(SignedIn())
        try dispatcher.fireSynchronously(CartEmptied())
        #expect(
            dispatcher.handlers.map(\.event) == [
                "any event", #"any event named "shop.*""#, "any event conforming to AuditEvent",
                #"any event conforming to AuditEvent named "shop.**""#,
            ]
        )
        #expect(dispatcher.handlers.map(\.phase) == ["main", "main", "main", "main"])
        #expect(dispatcher.handlers.map(\.location.line) == [1, 2, 3, 4])
    }

    @Test func `types that it is for have handlers`() throws {
        #expect(!dispatcher.hasHandlers(for: OrderDeleted.self))
        let subscription = try dispatcher.subscribe { OnAny(named: "shop.**") { _ in } }
        #expect(dispatcher.hasHandlers(for: OrderDeleted.self))
        #expect(!dispatcher.hasHandlers(for: Letter.self))
        subscription.cancel()
        #expect(!dispatcher.hasHandlers(for: OrderDeleted.self))
    }

    // MARK: Types that it is not for

    @Test func `types that do not conform have no handlers`() throws {
        try subscribe { OnAny(conformingTo: (any AuditEvent).self) { _ in } }
        #expect(!dispatcher.hasHandlers(for: OrderDeleted.self))
        #expect(!dispatcher.hasHandlers(for: Parcels.self))
        #expect(!dispatcher.hasHandlers(for: Clerk.self))
        #expect(dispatcher.hasHandlers(for: SignedIn.self))
        #expect(dispatcher.hasHandlers(for: Login.self))
        try dispatcher.fireSynchronously(OrderDeleted())
        #expect(!dispatcher.hasHandlers(for: OrderDeleted.self))
    }

    @Test func `all kinds of protocols are asked of the type`() throws {
        try subscribe {
            OnAny(conformingTo: (any AuditEvent & Marked).self) { _ in journal.note("both") }
            OnAny(conformingTo: (any Marked & AnyObject).self) { _ in journal.note("object") }
            OnAny(conformingTo: (any PrivatelyMarked).self) { _ in journal.note("private") }
            OnAny(conformingTo: Clerk.self) { _ in journal.note("class") }
            OnAny(conformingTo: (any Actor).self) { _ in journal.note("actor") }
            OnAny(conformingTo: (any Container).self) { _ in journal.note("container") }
            OnAny(conformingTo: (any Container<Int>).self) { _ in journal.note("container of numbers") }
        }
        try dispatcher.fireSynchronously(Login())
        #expect(journal.entries == ["both"])
        try dispatcher.fireSynchronously(Clerk())
        #expect(journal.entries.dropFirst() == ["object", "private", "class"])
        try dispatcher.fireSynchronously(Parcels())
        #expect(journal.entries.dropFirst(4) == ["actor", "container", "container of numbers"])
        try dispatcher.fireSynchronously(OrderDeleted())
        #expect(journal.entries.count == 7)
    }

    @Test func `a type whose name need not be matched is not asked for it`() throws {
        struct Nameless: MatchableEvent {
            static let asked = Tally()
            static var eventName: String {
                asked.increment()
                return "shop.nameless"
            }
        }
        try subscribe { OnAny(conformingTo: (any AuditEvent).self, named: "shop.*") { _ in } }
        try dispatcher.fireSynchronously(Nameless())
        #expect(Nameless.asked.value == 0)
    }

    @Test func `many for other types add nothing to a fire`() throws {
        try subscribe { On(OrderDeleted.self) { Handle { _ in } } }
        try dispatcher.fireSynchronously(OrderDeleted())
        let before = dispatcher.explain(OrderDeleted())
        try subscribe {
            for _ in 0..<100 {
                OnAny(conformingTo: (any AuditEvent).self) { _ in }
                OnAny(named: "shop.cart") { _ in }
            }
        }
        let after = dispatcher.explain(OrderDeleted())
        #expect("\(after)" == "\(before)")
        #expect(dispatcher.handlers.count == 201)
    }

    // MARK: The event that it receives

    @Test(arguments: [true, false])
    func `firing the event that a handler receives reaches nobody`(isLimited: Bool) throws {
        let other = EventDispatcher()
        let refire: @Sendable (AnyEvent<any MatchableEvent>) throws -> Void = { [dispatcher, journal] event in
            journal.note("\(type(of: event.base))")
            journal.note("\(try dispatcher.fireSynchronously(event).isUnhandled)")
            journal.note("\(try other.fireSynchronously(event).isUnhandled)")
        }
        let elsewhere = try other.subscribe { OnAny { _ in journal.note("elsewhere") } }
        try subscribe {
            OnAny { if isLimited { Handle(refire).limit(3) } else { Handle(refire) } }
            OnAny { _ in journal.note("another") }
        }
        try dispatcher.fireSynchronously(SignedIn())
        #expect(journal.entries == ["SignedIn", "true", "true", "another"])
        #expect(dispatcher.handlers.map(\.limitLeft) == [isLimited ? 2 : nil, nil])
        elsewhere.cancel()
    }

    @Test func `posting the event that a handler receives reaches nobody`() async throws {
        try subscribe {
            OnAny { Handle { [dispatcher] event in _ = try dispatcher.postNow(event) }.limit(3) }
        }
        try dispatcher.fireSynchronously(SignedIn())
        await dispatcher.drain()
        #expect(dispatcher.handlers.map(\.limitLeft) == [2])
        #expect(!dispatcher.hasHandlers(for: AnyEvent<any MatchableEvent>.self))
        #expect(dispatcher.hasHandlers(for: SignedIn.self))
    }

    @Test func `the event that it wraps can be fired`() throws {
        let other = EventDispatcher()
        let elsewhere = try other.subscribe { OnAny { event in journal.note("\(type(of: event))") } }
        try subscribe {
            OnAny {
                Handle { event in
                    let base = event.base
                    try other.fireAny(base)
                }
            }
        }
        try dispatcher.fireSynchronously(SignedIn())
        #expect(journal.entries == ["SignedIn"])
        elsewhere.cancel()
    }

    @Test func `a dispatcher frees it when it goes`() throws {
        let capture = WeakCapture()
        do {
            let dispatcher = EventDispatcher()
            let captured = capture.make()
            _ = try dispatcher.subscribe { OnAny { _ in withExtendedLifetime(captured) {} } }
            try dispatcher.fireSynchronously(SignedIn())
        }
        #expect(capture.isFreed)
    }

    @Test func `an explanation shows it`() throws {
        let subscription = try dispatcher.subscribe { OnAny(named: "shop.**") { Handle("log") { _ in } } }
        #expect(dispatcher.explain(OrderDeleted()).matched.map(\.handler.name) == ["log"])
        #expect(dispatcher.explain(OrderDeleted(), subscription).matched.map(\.handler.name) == ["log"])
        #expect(dispatcher.explain(SignedIn()).matched.isEmpty)
        subscription.cancel()
    }
}

private protocol PrivatelyMarked: Sendable {}

private protocol Marked: Sendable {}

private protocol Container<Item>: Sendable {
    associatedtype Item
}

private struct Login: AuditEvent, Marked {
    var userID = 3
}

private final class Clerk: MatchableEvent, Marked, PrivatelyMarked {}

private actor Parcels: MatchableEvent, Container {
    typealias Item = Int
}

extension EventDispatcher {
    fileprivate func fireAny<Event: MatchableEvent>(_ event: Event) throws { try fireSynchronously(event) }
}
