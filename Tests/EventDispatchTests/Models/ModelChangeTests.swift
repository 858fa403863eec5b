import EventDispatch
import EventDispatchTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct ModelChangeTests {
    struct User: Hashable, Sendable {
        enum Role: Sendable { case user, admin }
        var id = 0
        var name = "susan"
        var role = Role.user
    }

    struct NameMissing: Error {}

    struct Audit: ModelObserver {
        let journal: Journal

        func creating(_ user: User) throws {
            journal.note("creating \(user.id)")
            if user.name.isEmpty { throw NameMissing() }
        }
        func created(_ user: User) async throws {
            await Task.yield()
            journal.note("created \(user.id)")
        }
        func updating(_ user: User) { journal.note("updating \(user.id)") }
        func updated(_ user: User) { journal.note("updated \(user.id)") }
        func deleting(_ user: User) { journal.note("deleting \(user.id)") }
        func deleted(_ user: User) { journal.note("deleted \(user.id)") }
    }

    struct Creations: ModelObserver {
        let journal: Journal
        func created(_ user: User) { journal.note("created \(user.id)") }
    }

    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = SubscriptionBag()

    @Test func `a handler that is added meanwhile sees the next change`() async throws {
        try await dispatcher.performing(.create, on: User()) { [dispatcher, journal, bag] in
            bag.insert(try dispatcher.on(ModelChange<User>.self) { change in journal.note("late \(change.model.id)") })
            return User(id: 7)
        }
        #expect(journal.entries.isEmpty)
        try await dispatcher.performing(.create, on: User()) { User(id: 8) }
        #expect(journal.entries == ["late 8"])
        bag.cancel()
    }

    @Test func `an observer is called on both sides of each action`() async throws {
        bag.insert(try dispatcher.register(Audit(journal: journal)))
        for action in ModelAction.allCases {
            let saved = try await dispatcher.performing(action, on: User()) {
                journal.note("operation")
                return User(id: 7)
            }
            #expect(saved.id == 7)
        }
        #expect(
            journal.entries == [
                "creating 0", "operation", "created 7",
                "updating 0", "operation", "updated 7",
                "deleting 0", "operation", "deleted 7",
            ]
        )
    }

    @Test func `all methods of an observer are optional`() async throws {
        bag.insert(try dispatcher.register(Creations(journal: journal)))
        for action in ModelAction.allCases { try await dispatcher.performing(action, on: User()) { User(id: 7) } }
        #expect(journal.entries == ["created 7"])
    }

    @Test func `throwing before vetoes the operation`() async throws {
        bag.insert(try dispatcher.register(Audit(journal: journal)))
        let failure = await #expect(throws: DispatchFailure.self) {
            try await dispatcher.performing(.create, on: User(name: "")) { () async throws -> User in
                journal.note("operation")
                return User(id: 7)
            }
        }
        #expect(failure?.errors.first is NameMissing)
        #expect(journal.entries == ["creating 0"])
    }

    @Test func `when the operation throws nothing after it runs and the error comes out`() async throws {
        bag.insert(try dispatcher.register(Audit(journal: journal)))
        await #expect(throws: NameMissing.self) {
            try await dispatcher.performing(.create, on: User()) { () async throws -> User in throw NameMissing() }
        }
        #expect(journal.entries == ["creating 0"])
    }

    @Test func `an operation without a result keeps the model`() async throws {
        bag.insert(try dispatcher.register(Audit(journal: journal)))
        try await dispatcher.performing(.delete, on: User(id: 3)) { journal.note("operation") }
        #expect(journal.entries == ["deleting 3", "operation", "deleted 3"])
    }

    @Test func `a filter after the operation sees what it returned`() async throws {
        bag.insert(
            try dispatcher.subscribe {
                On(ModelChange<User>.self) {
                    Where(\.action, is: .update)
                    Rule {
                        Where(\.role == .admin)
                        Phase(.before) { Handle { _ in journal.note("admin before") } }
                        Handle { _ in journal.note("admin after") }
                    }
                }
            }
        )
        try await dispatcher.performing(.update, on: User()) { User(role: .admin) }
        #expect(journal.entries == ["admin after"])
    }

    @Test func `a model that is hashable is a key itself`() async throws {
        bag.insert(
            try dispatcher.on(ModelChange<User>.self, where: \.model == User(id: 7)) { [journal] change in
                journal.note("\(change.model.id)")
            }
        )
        try await dispatcher.performing(.create, on: User()) { User(id: 7) }
        try await dispatcher.performing(.create, on: User()) { User(id: 8) }
        #expect(journal.entries == ["7"])
    }

    @Test func `an observer and a subscription do not double the event`() async throws {
        bag.insert(try dispatcher.register(Creations(journal: journal)))
        bag.insert(try dispatcher.on(ModelChange<User>.self) { [journal] _ in journal.note("plain") })
        let observed = Journal()
        dispatcher.observe(with: FireCounter(journal: observed))
        try await dispatcher.performing(.create, on: User()) { User(id: 7) }
        #expect(journal.entries == ["created 7", "plain"])
        #expect(observed.entries == ["fire", "done"])
    }

    @Test func `the event is fired without any observer`() async throws {
        dispatcher.observe(with: FireCounter(journal: journal))
        try await dispatcher.performing(.create, on: User()) { User(id: 7) }
        #expect(journal.entries == ["fire", "done"])
    }

    @Test func `observers of other models are not concerned`() async throws {
        bag.insert(try dispatcher.register(Audit(journal: journal)))
        try await dispatcher.performing(.create, on: "a string") { "another" }
        #expect(journal.entries.isEmpty)
    }

    @Test func `cancelling the observer's subscription ends all of it`() async throws {
        let subscription = try dispatcher.register(Audit(journal: journal))
        subscription.cancel()
        try await dispatcher.performing(.create, on: User()) { User(id: 7) }
        #expect(journal.entries.isEmpty)
    }

    @Test func `the reporting form returns the model though a handler after it fails`() async throws {
        bag.insert(try dispatcher.on(ModelChange<User>.self) { _ in throw NameMissing() })
        let (model, report) = try await dispatcher.performingReporting(.create, on: User()) { User(id: 7) }
        #expect(model?.id == 7)
        #expect(report.outcomes.map(\.phase) == ["after"])
    }

    @Test func `the reporting form returns the model though the task is cancelled meanwhile`() async throws {
        bag.insert(try dispatcher.register(Audit(journal: journal)))
        let (model, report) = try await Task { [dispatcher] in
            try await dispatcher.performingReporting(.create, on: User()) {
                withUnsafeCurrentTask { $0?.cancel() }
                return User(id: 7)
            }
        }.value
        #expect(model?.id == 7)
        #expect(report.outcomes.map { "\($0.result)" } == ["cancelled"])
        #expect(journal.entries == ["creating 0"])
    }

    @Test func `the reporting form returns no model after a veto`() async throws {
        bag.insert(try dispatcher.register(Audit(journal: journal)))
        let (model, report) = try await dispatcher.performingReporting(.create, on: User(name: "")) { User(id: 7) }
        #expect(model == nil)
        #expect(report.outcomes.first?.error is NameMissing)
    }

    @Test func `a task that is cancelled before the operation does not perform it`() async throws {
        bag.insert(try dispatcher.register(Audit(journal: journal)))
        let task = Task { [dispatcher, journal] in
            withUnsafeCurrentTask { $0?.cancel() }
            try await dispatcher.performing(.create, on: User()) { () async throws -> User in
                journal.note("operation")
                return User(id: 7)
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(journal.entries.isEmpty)
    }

    @Test func `a stop before the operation skips no veto unseen`() async throws {
        bag.insert(try dispatcher.on(ModelChange<User>.self, during: .before) { _ in DispatchContext.current?.stop() })
        bag.insert(try dispatcher.register(Audit(journal: journal)))
        let error = await #expect(throws: DispatchError.self) {
            try await dispatcher.performing(.create, on: User(name: "")) { () async throws -> User in
                journal.note("operation")
                return User(id: 7)
            }
        }
        #expect(error?.code == .fireStopped)
        #expect(journal.entries.isEmpty)
    }

    @Test func `observers of the dispatcher see the model that the operation returned after it`() async throws {
        struct Watcher: DispatchObserver {
            let journal: Journal
            func note(_ what: String, _ fire: ObservedFire) {
                journal.note("\(what) \((fire.event as? ModelChange<User>)?.model.id ?? -1)")
            }
            func fireStarted(_ fire: ObservedFire) { note("started", fire) }
            func handlerStarted(_ handler: ObservedHandler, in fire: ObservedFire) { note(handler.phase, fire) }
            func handlerFinished(_ outcome: HandlerOutcome, in fire: ObservedFire) { note("done", fire) }
            func fireFinished(_ fire: ObservedFire, report: any AnyDispatchReport) { note("finished", fire) }
        }
        bag.insert(try dispatcher.register(Audit(journal: Journal())))
        dispatcher.observe(with: Watcher(journal: journal))
        try await dispatcher.performing(.create, on: User()) { User(id: 7) }
        #expect(journal.entries == ["started 0", "before 0", "done 0", "after 7", "done 7", "finished 7"])
    }

    @MainActor @Test func `an observer without isolation runs on the caller's actor`() async throws {
        struct Checking: ModelObserver {
            func creating(_ model: User) { MainActor.preconditionIsolated() }
            nonisolated(nonsending) func created(_ model: User) async {
                await Task.yield()
                MainActor.preconditionIsolated()
            }
        }
        bag.insert(try dispatcher.register(Checking()))
        try await dispatcher.performing(.create, on: User()) { User(id: 7) }
    }

    private struct FireCounter: DispatchObserver {
        let journal: Journal
        func fireStarted(_ fire: ObservedFire) { journal.note("fire") }
        func fireFinished(_ fire: ObservedFire, report: any AnyDispatchReport) { journal.note("done") }
    }
}

extension ModelChange<ModelChangeTests.User>.MatchKeys {
    var role: ModelChange<ModelChangeTests.User>.Key<ModelChangeTests.User.Role> { .init(\.model.role) }
}
