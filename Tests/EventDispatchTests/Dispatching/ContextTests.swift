import EventDispatch
import Testing

/// What a handler's context tells of the handler itself.
@Suite(.timeLimit(.minutes(10))) struct ContextTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test(arguments: [true, false], [1, 2])
    func `a handler can end its own subscription`(isAsynchronous: Bool, handlers: Int) async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                for number in 1...handlers {
                    if isAsynchronous {
                        Handle { [journal] _ in
                            await Task.yield()
                            journal.note("\(number)")
                            DispatchContext.current?.subscription?.cancel()
                        }
                    } else {
                        Handle { [journal] _ in
                            journal.note("\(number)")
                            DispatchContext.current?.subscription?.cancel()
                        }
                    }
                }
            }
        }
        try await dispatcher.fire(Ping())
        let ran = journal.entries
        try await dispatcher.fire(Ping())
        // Asynchronous handlers of a phase start in order; which of them goes on first is the executor's choice.
        #expect(isAsynchronous ? !ran.isEmpty : ran == ["1"])
        #expect(journal.entries == ran)
        #expect(!subscription.isActive)
    }

    @Test func `each handler is told its own name and subscription`() async throws {
        let dispatcher = dispatcher
        let note: @Sendable (String) -> Void = { [journal] place in
            let context = DispatchContext.current
            journal.note("\(place): \(context?.handler?.name ?? "none") \(context?.subscription?.id ?? "none")")
        }
        let first = try dispatcher.subscribe(id: "first") {
            On(Ping.self) {
                Handle("outer") { _ in
                    note("before")
                    try dispatcher.fireSynchronously(Letter(1))
                    note("after")
                }
                Handle("slow") { _ in
                    await Task.yield()
                    note("slow")
                }.timeout(.seconds(600))
            }
        }
        let second = try dispatcher.subscribe(id: "second") {
            On(Letter.self) { Handle("inner") { _ in note("nested") } }
            OnAny(named: "Letter") { Handle("any") { _ in note("any") } }
        }
        try await dispatcher.fire(Ping())
        #expect(
            journal.entries == [
                "before: outer first", "nested: inner second", "any: any second", "after: outer first",
                "slow: slow first",
            ]
        )
        for subscription in [first, second] { subscription.cancel() }
    }

    @Test func `an operation and an observer have no handler`() async throws {
        let note: @Sendable () -> Void = { [journal] in
            let context = DispatchContext.current
            journal.note("\(context != nil) \(context?.handler == nil) \(context?.subscription == nil)")
        }
        try await dispatcher.fire(Ping()) { note() }
        let observation = dispatcher.observe(with: StartObserver(act: note))
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["true true true", "true true true"])
        observation.cancel()
    }
}

private struct StartObserver: DispatchObserver {
    let act: @Sendable () -> Void

    func fireStarted(_ fire: ObservedFire) { act() }
}
