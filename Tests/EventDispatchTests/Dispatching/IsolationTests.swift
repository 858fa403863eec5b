import EventDispatch
import EventDispatchTesting
import Testing

/// Line 4 of the contract: where each kind of handler runs, alone and among siblings, for every kind of caller.
@Suite(.timeLimit(.minutes(10))) struct IsolationTests {
    /// Who fires.
    enum Caller: CaseIterable, Sendable { case mainActor, actor, nobody }

    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test(arguments: Caller.allCases, [1, 3])
    func `a handler without isolation runs on the caller's actor`(caller: Caller, siblings: Int) async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                for _ in 0..<siblings {
                    Handle("asynchronous") { _ in
                        journal.note(await isolationName())
                        await Task.yield()
                        journal.note(await isolationName())
                    }
                    Handle("weak", weak: journal) { journal, _ in
                        await Task.yield()
                        journal.note(await isolationName())
                    }
                }
            }
        }
        try await fire(as: caller)
        let names = journal.entries
        #expect(names.count == siblings * 3)
        #expect(Set(names) == ["\(caller)"], "\(names)")
        subscription.cancel()
    }

    @Test(arguments: Caller.allCases)
    func `a synchronous handler runs in place`(caller: Caller) async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in
                    switch caller {
                    case .mainActor: MainActor.preconditionIsolated()
                    case .actor: SomeActor.shared.preconditionIsolated()
                    case .nobody: break
                    }
                    journal.note("ran")
                }
                Handle { _ in await Task.yield() }
                Handle { _ in journal.note("ran") }
            }
        }
        try await fire(as: caller)
        #expect(journal.entries == ["ran", "ran"])
        subscription.cancel()
    }

    @Test(arguments: Caller.allCases, [1, 3])
    func `a handler with an isolation of its own runs there`(caller: Caller, siblings: Int) async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                for _ in 0..<siblings {
                    Handle { @MainActor _ in
                        MainActor.preconditionIsolated()
                        journal.note("main")
                    }
                    Handle { @MainActor _ in
                        await Task.yield()
                        MainActor.preconditionIsolated()
                        journal.note("main")
                    }
                    Handle(on: SomeActor.shared) { actor, _ in
                        actor.preconditionIsolated()
                        journal.note("actor")
                    }
                    Handle(on: SomeActor.shared) { actor, _ in
                        await Task.yield()
                        actor.preconditionIsolated()
                        journal.note("actor")
                    }
                    Handle { @concurrent _ in journal.note(await isolationName()) }
                }
            }
        }
        try await fire(as: caller)
        let counts = Dictionary(grouping: journal.entries) { $0 }.mapValues(\.count)
        #expect(counts == ["main": siblings * 2, "actor": siblings * 2, "nobody": siblings])
        subscription.cancel()
    }

    @Test func `a handler in a nested fire runs on the caller's actor`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in
                    await Task.yield()
                    try await DispatchContext.current?.dispatcher.fire(UserCreated())
                }
                Handle { _ in await Task.yield() }
            }
            On(UserCreated.self) { Handle { _ in journal.note(await isolationName()) } }
        }
        try await fire(as: .mainActor)
        try await fire(as: .actor)
        #expect(journal.entries == ["mainActor", "actor"])
        subscription.cancel()
    }

    private func fire(as caller: Caller) async throws {
        let report =
            switch caller {
            case .mainActor: try await fireOnMainActor()
            case .actor: try await SomeActor.shared.fire(at: dispatcher)
            case .nobody: try await fireConcurrently()
            }
        #expect(report.succeeded == report.matched)
    }

    @MainActor private func fireOnMainActor() async throws -> DispatchReport<Ping> { try await dispatcher.fire(Ping()) }

    @concurrent private func fireConcurrently() async throws -> DispatchReport<Ping> {
        try await dispatcher.fire(Ping())
    }
}

/// The isolation of the caller, checked against where it really runs.
private nonisolated(nonsending) func isolationName() async -> String {
    let caller: (any Actor)? = #isolation
    guard let isolation = caller else { return "nobody" }
    isolation.preconditionIsolated()
    return isolation === MainActor.shared ? "mainActor" : isolation === SomeActor.shared ? "actor" : "another actor"
}

private actor SomeActor {
    static let shared = SomeActor()
    func fire(at dispatcher: EventDispatcher) async throws -> DispatchReport<Ping> { try await dispatcher.fire(Ping()) }
}
