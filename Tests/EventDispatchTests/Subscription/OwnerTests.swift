import EventDispatch
import Testing

@Suite struct OwnerTests {
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

    @Test func aDeadOwnersHandlersAreGoneByTheNextFireOfAnyEvent() throws {
        let (captured, subscription) = try subscribeForADeadOwner()
        #expect(captured() != nil)
        try dispatcher.fireSynchronously(UserCreated())
        #expect(captured() == nil)
        #expect(!subscription.isActive)
    }

    @Test func aDeadOwnersHandlersAreGoneByTheNextRegistration() throws {
        let (captured, subscription) = try subscribeForADeadOwner()
        let other = try dispatcher.on(UserCreated.self) { _ in }
        #expect(captured() == nil)
        #expect(!subscription.isActive)
        other.cancel()
    }

    @Test func aDeadOwnersHandlersAreGoneByTheNextListing() throws {
        let (captured, subscription) = try subscribeForADeadOwner()
        #expect(dispatcher.subscriptions.isEmpty)
        #expect(captured() == nil)
        #expect(!subscription.isActive)
    }

    @Test func aSubscriptionIsActiveUntilTheLastOwnerIsDead() throws {
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

    @Test func manyDeadOwnersAreGoneAfterSomeFires() throws {
        let weak = try (0..<1_000).map { _ in try subscribeForADeadOwner().captured }
        for _ in 0..<20 { try dispatcher.fireSynchronously(UserCreated()) }
        #expect(weak.allSatisfy { $0() == nil })
    }

    @Test func aWeakHandlerDoesNotKeepItsOwnerAlive() throws {
        weak var owner: Owner?
        let subscription = try {
            let object = Owner()
            owner = object
            return try dispatcher.on(Ping.self, weak: object) { _, _ in }
        }()
        #expect(owner == nil)
        subscription.cancel()
    }

    @Test func anOwnerThatDiesDuringAFireIsSkipped() throws {
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

    @Test func aHandlerWhoseOwnerIsGoneIsNotStarted() throws {
        struct Starts: DispatchObserver {
            let journal: Journal
            func handlerStarted(_ handler: HandlerLabel, phase: String, in fire: ObservedFire) {
                journal.note(handler.name)
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

    @Test func cancelAllOwnedByAnObjectEndsItsHandlersAndNoOthers() throws {
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
        #expect(dispatcher.subscriptions.count == 2)
        withExtendedLifetime(other) {}
        subscription.cancel()
    }

    @Test func cancelAllOwnedByAnObjectReachesFiresUnderWay() throws {
        let owner = Owner()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { [dispatcher] _ in dispatcher.cancelAll(ownedBy: owner) }
                Handle(weak: owner) { owner, _ in owner.note(journal, "ran") }
            }
        }
        let report = try dispatcher.fireSynchronously(Ping())
        #expect(report.outcomes.map(\.result.description) == ["skipped: ownerGone"])
        #expect(journal.entries.isEmpty)
        subscription.cancel()
    }

    @Test func aBlocksBudgetIsNotSpentByAHandlerWhoseOwnerDiesBeforeItsStart() throws {
        struct Killer: DispatchObserver {
            let box: Box
            func handlerStarted(_ handler: HandlerLabel, phase: String, in fire: ObservedFire) { box.owner = nil }
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

    @Test func oneHandleCanBeDeclaredTwice() throws {
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

    @Test func anObjectAtADeadOnesAddressGetsNothing() throws {
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

    private final class Box: @unchecked Sendable {
        // Used on one thread only.
        var owner: Owner?
    }
}
