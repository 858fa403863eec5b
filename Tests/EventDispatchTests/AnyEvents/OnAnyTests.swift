import EventDispatch
import EventDispatchTesting
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct OnAnyTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = SubscriptionBag()

    private func subscribe(@SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration]) throws {
        bag.insert(try dispatcher.subscribe(declarations))
    }

    // MARK: What it receives

    @Test func `it receives every event of any type`() throws {
        try subscribe { OnAny { event in journal.note("\(type(of: event))") } }
        try dispatcher.fireSynchronously(SignedIn())
        try dispatcher.fireSynchronously(OrderDeleted())
        try dispatcher.fireSynchronously(PriceRequested())
        try dispatcher.fireSynchronously(NamedEvent("plugin", 3))
        #expect(journal.entries == ["SignedIn", "OrderDeleted", "PriceRequested", "NamedEvent<Int>"])
    }

    @Test func `it receives events of types that had handlers before and after`() throws {
        try subscribe { On(SignedIn.self) { Handle { _ in journal.note("earlier") } } }
        try subscribe { OnAny { _ in journal.note("any") } }
        try subscribe { On(OrderDeleted.self) { Handle { _ in journal.note("later") } } }
        try dispatcher.fireSynchronously(SignedIn())
        try dispatcher.fireSynchronously(OrderDeleted())
        #expect(journal.entries == ["earlier", "any", "any", "later"])
    }

    @Test func `it runs in order with the others of the main phase`() throws {
        try subscribe {
            On(PriceRequested.self) {
                Phase(.publish) { Handle { _ in note("publish", 0) } }
                Handle { _ in note("first", 1) }
            }
            OnAny { _ in journal.note("any") }
            OnAny { Handle { _ in journal.note("any before") }.priority(1) }
            On(PriceRequested.self) {
                Handle { _ in note("last", 2) }
                Phase(.collect) { Handle { _ in note("collect", 0) } }
            }
        }
        try dispatcher.fireSynchronously(PriceRequested())
        #expect(journal.entries == ["collect", "any before", "first", "any", "last", "publish"])
    }

    @Test func `it replies nothing`() throws {
        try subscribe {
            On(PriceRequested.self) { Handle { _ in 3 } }
            OnAny { _ in }
        }
        let report = try dispatcher.fireSynchronously(PriceRequested())
        #expect(report.replies == [3])
        #expect(report.succeeded == 2)
    }

    @Test func `a posted event reaches it too`() async throws {
        try subscribe { OnAny { event in journal.note("\(type(of: event))") } }
        try await dispatcher.post(Letter(1))
        await dispatcher.drain()
        #expect(journal.entries == ["Letter"])
    }

    // MARK: Which types it is for

    @Test func `a name selects types by tokens`() throws {
        try subscribe {
            OnAny(named: "shop.order.*") { event in journal.note("order \(type(of: event))") }
            OnAny(named: "shop.**") { event in journal.note("shop \(type(of: event))") }
            OnAny(named: "EventDispatchTests.SignedIn") { _ in journal.note("signed in") }
        }
        try dispatcher.fireSynchronously(OrderCreated())
        try dispatcher.fireSynchronously(OrderDeleted())
        try dispatcher.fireSynchronously(CartEmptied())
        try dispatcher.fireSynchronously(SignedIn())
        #expect(
            journal.entries == [
                "order OrderCreated", "shop OrderCreated", "order OrderDeleted", "shop OrderDeleted",
                "shop CartEmptied",
                "signed in",
            ]
        )
    }

    @Test func `a malformed pattern is refused with its place`() {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe { OnAny(named: "shop.**.x", line: 12) { _ in } }
        }
        #expect(error?.code == .invalidPattern)
        #expect(error?.location.line == 12)
        #expect(error?.message.hasPrefix(#"any event named "shop.**.x" is refused"#) == true)
    }

    @Test func `a protocol selects the types that conform`() throws {
        try subscribe {
            OnAny(conformingTo: (any AuditEvent).self) { event in journal.note("\(event.userID)") }
            On(OrderDeleted.self) { Handle { _ in journal.note("deleted") } }
        }
        try dispatcher.fireSynchronously(SignedIn())
        try dispatcher.fireSynchronously(OrderDeleted())
        try dispatcher.fireSynchronously(OrderCreated())
        try dispatcher.fireSynchronously(OrderDeleted())
        #expect(journal.entries == ["1", "deleted", "2", "deleted"])
    }

    @Test func `a protocol and a name narrow together`() throws {
        try subscribe {
            OnAny(conformingTo: (any AuditEvent).self, named: "shop.**") { event in journal.note("\(event.userID)") }
        }
        try dispatcher.fireSynchronously(SignedIn())
        try dispatcher.fireSynchronously(OrderCreated())
        #expect(journal.entries == ["2"])
    }

    @Test func `a closure selects by names too`() throws {
        try subscribe {
            OnAny {
                Where { event in event.eventName.wholeMatch(of: /shop\.order\.(.+)/) != nil }
                Handle { event in journal.note("\(type(of: event.base))") }
            }
            OnAny {
                Where { event in event.eventName.wholeMatch(of: /order/) != nil }
                Handle { _ in journal.note("a part") }
            }
        }
        try dispatcher.fireSynchronously(OrderCreated())
        try dispatcher.fireSynchronously(CartEmptied())
        #expect(journal.entries == ["OrderCreated"])
    }

    @Test func `a type's name is matched once and not at every fire`() throws {
        struct Counted: MatchableEvent {
            static let asked = Atomic(0)
            static var eventName: String {
                asked.add(1, ordering: .relaxed)
                return "counted"
            }
        }
        try subscribe { OnAny(named: "counted") { _ in journal.note("ran") } }
        for _ in 0..<10 { try dispatcher.fireSynchronously(Counted()) }
        #expect(journal.entries.count == 10)
        #expect(Counted.asked.load(ordering: .relaxed) == 1)
    }

    @Test func `changes of all models are received together`() async throws {
        try subscribe {
            OnAny(conformingTo: (any AnyModelChange).self) {
                Where { event in event.action == .create }
                Handle { event in journal.note("\(event.anyModel)") }
            }
        }
        try await dispatcher.performing(.create, on: "draft") { "saved" }
        try await dispatcher.performing(.delete, on: "draft") { "gone" }
        try await dispatcher.performing(.create, on: 1) { 2 }
        #expect(journal.entries == ["saved", "2"])
    }

    // MARK: Blocks

    @Test func `a block takes clauses as on does`() throws {
        try subscribe {
            OnAny(named: "shop.**") {
                Where(\.eventName, hasPrefix: "shop.order")
                Handle("log") { event in journal.note("\(event.eventName) \(type(of: event.base))") }.limit(2)
                Rule {
                    Where { event in event.base is OrderDeleted }
                    Handle("deleted") { _ in journal.note("deleted") }
                }
            }
        }
        try dispatcher.fireSynchronously(CartEmptied())
        for _ in 0..<2 { try dispatcher.fireSynchronously(OrderCreated()) }
        try dispatcher.fireSynchronously(OrderDeleted())
        #expect(journal.entries == ["shop.order.created OrderCreated", "shop.order.created OrderCreated", "deleted"])
    }

    @Test func `the kinds of closures are those of handle`() async throws {
        let counter = Counter()
        try subscribe {
            OnAny { _ in
                await Task.yield()
                journal.note("asynchronous")
            }
            OnAny { @MainActor _ in
                MainActor.preconditionIsolated()
                journal.note("main actor")
            }
            OnAny {
                Handle(weak: journal) { journal, _ in journal.note("weak") }
                Handle(on: counter) { counter, _ in counter.increment() }
            }
            OnAny(named: "EventDispatchTests.*") { _ in await Task.yield() }
            OnAny(conformingTo: (any AuditEvent).self) { event in await counter.increment() }
            OnAny(conformingTo: (any AuditEvent).self, named: "**") { _ in await Task.yield() }
        }
        let report = try await dispatcher.fire(SignedIn())
        #expect(report.succeeded == 7)
        #expect(Set(journal.entries) == ["asynchronous", "main actor", "weak"])
        #expect(await counter.count == 2)
    }

    @MainActor @Test func `an asynchronous handler runs on the caller's actor`() async throws {
        try subscribe {
            for _ in 0..<3 {
                OnAny { _ in
                    MainActor.preconditionIsolated()
                    await Task.yield()
                    MainActor.preconditionIsolated()
                }
            }
        }
        #expect(try await dispatcher.fire(SignedIn()).succeeded == 3)
    }

    @Test func `a timeout cancels a handler of any event`() async throws {
        let clock = ManualClock()
        let dispatcher = EventDispatcher(clock: clock)
        let gate = Gate()
        bag.insert(
            try dispatcher.subscribe { OnAny { Handle { _ in try await gate.wait() }.timeout(.seconds(1)) } }
        )
        async let report = dispatcher.fireReporting(SignedIn())
        await gate.arrivals(1)
        await clock.sleepers(1)
        clock.advance(by: .seconds(1))
        #expect(try await report.outcomes.map { "\($0.result)" } == ["timed out"])
    }

    // MARK: While it changes

    @Test func `a handler may subscribe to any event`() throws {
        try subscribe {
            On(SignedIn.self) {
                Handle { [bag] _ in
                    guard let dispatcher = DispatchContext.current?.dispatcher else { return }
                    bag.insert(try dispatcher.subscribe { OnAny { _ in journal.note("any") } })
                }
                .once()
            }
        }
        try dispatcher.fireSynchronously(SignedIn())
        #expect(journal.entries.isEmpty)
        try dispatcher.fireSynchronously(SignedIn())
        #expect(journal.entries == ["any"])
    }

    // MARK: Odd phases

    @Test func `where the main phase is missing from all cases it runs after all phases`() async throws {
        struct Odd: MatchableEvent {
            enum Phases: EventPhases {
                case hidden, first, second
                static var main: Self { .hidden }
                static var allCases: [Self] { [.first, .second] }
            }
        }
        struct Empty: MatchableEvent {
            enum Phases: EventPhases {
                case hidden
                static var main: Self { .hidden }
                static var allCases: [Self] { [] }
            }
        }
        try subscribe {
            OnAny { event in journal.note("any \(type(of: event))") }
            On(Odd.self) {
                Phase(.second) { Handle { _ in journal.note("second") } }
                Phase(.first) { Handle { _ in journal.note("first") } }
            }
        }
        try await dispatcher.fire(Odd(), detail: .all)
        try await dispatcher.fire(Odd(), around: { journal.note("operation") })
        try await dispatcher.fire(Empty())
        #expect(
            journal.entries == [
                "first", "second", "any Odd", "first", "second", "operation", "any Odd", "any Empty",
            ]
        )
    }

    @Test func `no event is missed or doubled while types and handlers are added`() async throws {
        struct Generic<Value>: MatchableEvent {}
        for _ in 0..<200 {
            let dispatcher = EventDispatcher()
            let count = Tally()
            let subscription = try dispatcher.subscribe { OnAny { _ in count.increment() } }
            let others = Task {
                for _ in 0..<5 {
                    _ = try dispatcher.subscribe { OnAny(named: "nothing") { _ in } }
                    _ = try dispatcher.on(Generic<Int>.self) { _ in }
                    _ = try dispatcher.on(Generic<String>.self) { _ in }
                }
            }
            for _ in 0..<5 {
                try dispatcher.fireSynchronously(Generic<Int>())
                try dispatcher.fireSynchronously(Generic<String>())
                try dispatcher.fireSynchronously(Generic<Double>())
            }
            try await others.value
            try #require(count.value == 15)
            subscription.cancel()
        }
    }

    private func note(_ entry: String, _ reply: Int) -> Int {
        journal.note(entry)
        return reply
    }

    private actor Counter {
        private(set) var count = 0
        func increment() { count += 1 }
    }
}
