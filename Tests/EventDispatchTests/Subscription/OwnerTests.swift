import EventDispatch
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct OwnerTests {
    private final class Owner: Sendable {
        func note(_ journal: Journal, _ text: String) { journal.note(text) }
    }

    private final class Captured: Sendable {}

    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    /// Subscribes a handler of an owner that dies at the end, and returns a weak hold on what the handler captures.
    private func subscribeForADeadOwner() throws -> (captured: () -> Captured?, subscription: EventSubscription) {
        let owner = Owner()
        let captured = Captured()
        let subscription = try dispatcher.on(Ping.self, weak: owner) { _, _ in withExtendedLifetime(captured) {} }
        return ({ [weak captured] in captured }, subscription)
    }

    @Test func `a dead owner's handlers are gone by the next fire of any event`() throws {
        let (captured, subscription) = try subscribeForADeadOwner()
        #expect(captured() != nil)
        try dispatcher.fireSynchronously(UserCreated())
        #expect(captured() == nil)
        #expect(!subscription.isActive)
    }

    @Test func `a dead owner's handlers are gone by the next registration`() throws {
        let (captured, subscription) = try subscribeForADeadOwner()
        let other = try dispatcher.on(UserCreated.self) { _ in }
        #expect(captured() == nil)
        #expect(!subscription.isActive)
        other.cancel()
    }

    @Test func `a dead owner's handlers are gone by the next listing`() throws {
        let (captured, subscription) = try subscribeForADeadOwner()
        #expect(dispatcher.handlers.isEmpty)
        #expect(captured() == nil)
        #expect(!subscription.isActive)
    }

    @Test func `a subscription is active until the last owner is dead`() throws {
        var (first, second): (Owner?, Owner?) = (Owner(), Owner())
        let subscription: EventSubscription
        do {
            let (one, other) = (try #require(first), try #require(second))
            subscription = try dispatcher.subscribe {
                On(Ping.self) { Handle(weak: one) { _, _ in } }
                On(UserCreated.self) { Handle(weak: other) { _, _ in } }
            }
        }
        first = nil
        #expect(subscription.isActive)
        second = nil
        #expect(!subscription.isActive)
    }

    @Test func `many dead owners are gone after some fires`() throws {
        let weak = try (0..<1_000).map { _ in try subscribeForADeadOwner().captured }
        for _ in 0..<20 { try dispatcher.fireSynchronously(UserCreated()) }
        #expect(weak.allSatisfy { $0() == nil })
    }

    @Test func `dead owners behind living ones are gone after some fires`() throws {
        let living = (0..<100).map { _ in Owner() }
        for owner in living { _ = try dispatcher.on(Ping.self, weak: owner) { _, _ in } }
        let weak = try (0..<10).map { _ in try subscribeForADeadOwner().captured }
        for _ in 0..<20 { try dispatcher.fireSynchronously(UserCreated()) }
        #expect(weak.allSatisfy { $0() == nil })
        #expect(dispatcher.handlers.count == living.count)
        withExtendedLifetime(living) {}
    }

    @Test func `who asks for any handler forgets the dead ones that it meets`() throws {
        let weak = try (0..<100).map { _ in try subscribeForADeadOwner().captured }
        #expect(!dispatcher.hasHandlers(for: Ping.self))
        #expect(weak.allSatisfy { $0() == nil })
        let subscription = try {
            let owner = Owner()
            return try dispatcher.subscribe(id: "owned") {
                On(Ping.self) { for _ in 0..<100 { Handle(weak: owner) { _, _ in } } }
            }
        }()
        #expect(dispatcher.subscription(id: "owned") == nil)
        #expect(dispatcher.explain(Ping(), subscription).obstacles.map(\.handlers) == [100])
    }

    @Test func `a weak handler does not keep its owner alive`() throws {
        weak var owner: Owner?
        let subscription = try {
            let object = Owner()
            owner = object
            return try dispatcher.on(Ping.self, weak: object) { _, _ in }
        }()
        #expect(owner == nil)
        subscription.cancel()
    }

    @Test func `an owner that dies during a fire is skipped`() throws {
        let box = Box()
        box.owner = Owner()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in box.owner = nil }
                if let owner = box.owner { Handle("weak", weak: owner) { owner, _ in owner.note(journal, "ran") } }
            }
        }
        let report = try dispatcher.fireSynchronously(Ping())
        #expect(report.outcomes.map(\.result.description) == ["skipped: ownerGone"])
        #expect(journal.entries.isEmpty)
        subscription.cancel()
    }

    @Test func `a handler that is cancelled is told as that though its owner is gone too`() throws {
        let (box, victims) = (Box(), SubscriptionBag())
        box.owner = Owner()
        let subscription = try dispatcher.on(Ping.self) { _ in
            victims.cancel()
            box.owner = nil
        }
        victims.insert(try dispatcher.on(Ping.self, weak: try #require(box.owner)) { _, _ in })
        let report = try dispatcher.fireSynchronously(Ping())
        #expect(report.outcomes.map(\.result.description) == ["skipped: unsubscribed"])
        subscription.cancel()
    }

    @Test func `a handler whose owner is gone is not started`() throws {
        struct Starts: DispatchObserver {
            let journal: Journal
            func handlerStarted(_ handler: ObservedHandler, in fire: ObservedFire) {
                journal.note(handler.label.name)
            }
        }
        let box = Box()
        box.owner = Owner()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle("first") { _ in box.owner = nil }
                if let owner = box.owner { Handle("weak", weak: owner) { _, _ in } }
            }
        }
        dispatcher.observe(with: Starts(journal: journal))
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["first"])
        subscription.cancel()
    }

    @Test func `cancel all owned by an object ends its handlers and no others`() throws {
        let owner = Owner()
        let other = Owner()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle(weak: owner) { owner, _ in owner.note(journal, "owned") }
                Handle(weak: other) { owner, _ in owner.note(journal, "other") }
                Handle { _ in journal.note("without owner") }
            }
            On(UserCreated.self) { Handle(weak: owner) { owner, _ in owner.note(journal, "owned") } }
        }
        dispatcher.cancelAll(ownedBy: owner)
        try dispatcher.fireSynchronously(Ping())
        try dispatcher.fireSynchronously(UserCreated())
        #expect(journal.entries == ["other", "without owner"])
        #expect(dispatcher.handlers.count == 2)
        withExtendedLifetime(other) {}
        subscription.cancel()
    }

    @Test func `cancel all owned by an object reaches fires under way`() throws {
        let owner = Owner()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { [dispatcher] _ in dispatcher.cancelAll(ownedBy: owner) }
                Handle(weak: owner) { owner, _ in owner.note(journal, "ran") }
            }
        }
        let report = try dispatcher.fireSynchronously(Ping())
        #expect(report.outcomes.map(\.result.description) == ["skipped: unsubscribed"])
        #expect(journal.entries.isEmpty)
        subscription.cancel()
    }

    @Test func `cancel all owned by an object reaches handlers on the way to the main actor`() async throws {
        let owner = Owner()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle(weak: owner) { @MainActor owner, _ in owner.note(journal, "ran") }
                Handle { _ in }
            }
        }
        let tasks = SerialTasks()
        let results = try await MainActor.run { [dispatcher] in
            // The main actor is busy until this is over, so the handler has matched and waits for it.
            let fire = Task(executorPreference: tasks) {
                try await dispatcher.fire(Ping()).outcomes.map(\.result.description)
            }
            tasks.waitUntilIdle()
            dispatcher.cancelAll(ownedBy: owner)
            return fire
        }.value
        #expect(results == ["skipped: unsubscribed"])
        #expect(journal.entries.isEmpty)
        subscription.cancel()
    }

    @Test func `cancel all owned by an object ends nothing elsewhere that is declared by the same handle`() throws {
        let (owner, other) = (Owner(), EventDispatcher())
        let handle = Handle<Ping>(weak: owner) { owner, _ in owner.note(journal, "ran") }
        let bag = SubscriptionBag()
        for dispatcher in [dispatcher, other] { bag.insert(try dispatcher.subscribe { On(Ping.self) { handle } }) }
        dispatcher.cancelAll(ownedBy: owner)
        #expect(try dispatcher.fireSynchronously(Ping()).isUnhandled)
        #expect(try other.fireSynchronously(Ping()).succeeded == 1)
    }

    @Test func `cancel all owned by an object leaves the rest of a subscription active`() throws {
        let owner = Owner()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle(weak: owner) { _, _ in }
                Handle(weak: journal) { _, _ in }
            }
        }
        dispatcher.cancelAll(ownedBy: owner)
        #expect(subscription.isActive)
        #expect(dispatcher.explain(Ping(), subscription).obstacles.map(\.reason) == [.cancelled])
        dispatcher.cancelAll(ownedBy: journal)
        #expect(!subscription.isActive)
        #expect(dispatcher.explain(Ping(), subscription).obstacles.map(\.handlers) == [2])
    }

    /// The only reference to an owner.
    private final class HeldOwner: @unchecked Sendable {
        // Sound: read before the thread starts that looks at it, and by that thread.
        var owner = Owner()
    }

    private final class Looks: Sendable {
        let (all, shared) = (Tally(), Tally())
    }

    /// What asks whether owners live.
    enum Question: CaseIterable, Sendable {
        case fire, fireOfAnotherEvent, registration, listing, explanation, activity, id, type, ownership
    }

    @Test(arguments: Question.allCases)
    func `nobody who asks whether an owner lives holds it for a moment`(_ question: Question) async throws {
        let held = HeldOwner()
        let subscription = try dispatcher.subscribe(id: "owned") {
            On(Ping.self) { Handle(weak: held.owner) { @MainActor _, _ in } }
            OnAny { Handle(weak: held.owner) { @MainActor _, _ in } }
        }
        let looks = Looks()
        let look: @Sendable (Int) -> Void = { _ in
            if !isKnownUniquelyReferenced(&held.owner) { looks.shared.increment() }
            looks.all.increment()
        }
        await beside(turns: 200, look) { step in
            for _ in 0..<scaled(200, full: 2_000) {
                step()
                switch question {
                // The handlers would have to be awaited, so they don't run.
                case .fire: _ = try? dispatcher.fireSynchronously(Ping())
                case .fireOfAnotherEvent: _ = try? dispatcher.fireSynchronously(UserCreated())
                case .registration: (try? dispatcher.on(UserCreated.self) { _ in })?.cancel()
                case .listing: _ = dispatcher.handlers
                case .explanation: _ = dispatcher.explain(Ping())
                case .activity: _ = subscription.isActive
                case .id: _ = dispatcher.subscription(id: "owned")
                case .type: _ = dispatcher.hasHandlers(for: Ping.self)
                case .ownership: dispatcher.cancelAll(ownedBy: dispatcher)
                }
            }
        }
        #expect(looks.shared.value == 0, "of \(looks.all.value) looks")
        subscription.cancel()
    }

    @Test func `an owners member objects are freed with it though nothing happens later`() throws {
        final class Holder: Sendable {
            let content = Captured()
        }
        weak var content: Captured?
        let subscription = try {
            let holder = Holder()
            content = holder.content
            return try dispatcher.on(Ping.self, weak: holder) { _, _ in }
        }()
        #expect(content == nil)
        subscription.cancel()
    }

    @Test func `a block's budget is not spent by a handler whose owner dies before its start`() throws {
        struct Killer: DispatchObserver {
            let box: Box
            func handlerStarted(_ handler: ObservedHandler, in fire: ObservedFire) { box.owner = nil }
        }
        let box = Box()
        box.owner = Owner()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                if let owner = box.owner { Handle(weak: owner) { _, _ in journal.note("weak") } }
                Rule {
                    Where(\.count == 1)
                    Handle { _ in journal.note("other") }
                }
            }
            .limit(1)
        }
        let observation = dispatcher.observe(with: Killer(box: box))
        try dispatcher.fireSynchronously(Ping())
        observation.cancel()
        try dispatcher.fireSynchronously(Ping(count: 1))
        #expect(journal.entries == ["other"])
        #expect(!subscription.isActive)
    }

    @Test func `one handle can be declared twice`() throws {
        let box = Box()
        box.owner = Owner()
        weak var captured: Captured?
        let subscription = try {
            let object = Captured()
            captured = object
            guard let owner = box.owner else { throw CancellationError() }
            let handle = Handle<Ping>("twice", weak: owner) { _, _ in withExtendedLifetime(object) {} }
            return try dispatcher.subscribe {
                On(Ping.self) { handle }
                On(Ping.self) { handle }
            }
        }()
        #expect(try dispatcher.fireSynchronously(Ping()).succeeded == 2)
        box.owner = nil
        try dispatcher.fireSynchronously(UserCreated())
        #expect(captured == nil)
        #expect(!subscription.isActive)
    }

    @Test func `an object at a dead ones address gets nothing`() throws {
        var addresses: Set<ObjectIdentifier> = []
        var reused = 0
        for round in 0..<200 {
            let subscription = try {
                let owner = Owner()
                if !addresses.insert(ObjectIdentifier(owner)).inserted { reused += 1 }
                return try dispatcher.on(Ping.self, weak: owner) { owner, _ in owner.note(journal, "\(round)") }
            }()
            let newcomer = Owner()
            if addresses.contains(ObjectIdentifier(newcomer)) { reused += 1 }
            #expect(try dispatcher.fireSynchronously(Ping()).isUnhandled)
            dispatcher.cancelAll(ownedBy: newcomer)
            withExtendedLifetime(newcomer) {}
            subscription.cancel()
        }
        #expect(journal.entries.isEmpty)
        #expect(reused > 0, "no address was reused, so this proved nothing")
    }

    @Test func `an owner that is being freed gets nothing`() throws {
        final class Firing: Sendable {
            let dispatcher: EventDispatcher
            let reached: Tally

            init(_ dispatcher: EventDispatcher, _ reached: Tally) {
                self.dispatcher = dispatcher
                self.reached = reached
            }

            deinit {
                guard let report = try? dispatcher.fireSynchronously(Ping()), report.isUnhandled else { return }
                reached.increment()
            }
        }
        let (reached, calls) = (Tally(), Tally())
        let subscription = try {
            let owner = Firing(dispatcher, reached)
            return try dispatcher.on(Ping.self, weak: owner) { _, _ in calls.increment() }
        }()
        #expect(reached.value == 1)
        #expect(calls.value == 0)
        #expect(!subscription.isActive)
    }

    @Test func `an owner that others refer to weakly gets events until it dies`() throws {
        var owner: Owner? = Owner()
        weak let other = owner
        let subscription = try owner.map { owner in
            try dispatcher.on(Ping.self, weak: owner) { owner, _ in owner.note(journal, "ran") }
        }
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["ran"])
        owner = nil
        #expect(other == nil)
        #expect(try dispatcher.fireSynchronously(Ping()).isUnhandled)
        #expect(subscription?.isActive == false)
    }

    @Test func `an owner lives until its handler has ended though everybody else lets go`() throws {
        let box = Box()
        box.owner = Owner()
        weak let owner = box.owner
        let subscription = try box.owner.map { object in
            try dispatcher.on(Ping.self, weak: object) { object, _ in
                box.owner = nil
                object.note(journal, owner == nil ? "gone" : "alive")
            }
        }
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["alive"])
        #expect(owner == nil)
        #expect(subscription?.isActive == false)
    }

    private final class Box: @unchecked Sendable {
        // Used on one thread only.
        var owner: Owner?
    }

    @Test func `to end the handlers of an object that has none touches nothing`() throws {
        final class Owner: Sendable {}
        let (owner, stranger) = (Owner(), Owner())
        let calls = Tally()
        let subscription = try dispatcher.on(Ping.self, weak: owner) { _, _ in calls.increment() }
        for _ in 0..<100 {
            // What lies on the stack must not be taken for handlers.
            withUnsafeTemporaryAllocation(of: UInt.self, capacity: 128) { words in
                for index in words.indices { words[index] = .random(in: 1 << 40..<1 << 46) }
                #expect(words.contains { $0 > 0 })
            }
            dispatcher.cancelAll(ownedBy: stranger)
        }
        try dispatcher.fireSynchronously(Ping())
        #expect(calls.value == 1)
        subscription.cancel()
    }
}
