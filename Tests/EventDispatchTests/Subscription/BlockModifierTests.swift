import EventDispatch
import EventDispatchTesting
import Testing

/// Time-outs, priorities and names of blocks: defaults for the handlers inside.
@Suite(.timeLimit(.minutes(10))) struct BlockModifierTests {
    private let clock = ManualClock()
    private let dispatcher: EventDispatcher
    private let journal = Journal()

    init() { dispatcher = EventDispatcher(clock: clock) }

    @Test func `a block names the handlers that have no name`() throws {
        let subscription = try dispatcher.subscribe {
            On(UserCreated.self) {
                Handle { _ in }
                Handle("own") { _ in }
                Phase(.before) { Handle { _ in } }.named("phase")
                Rule { Rule { Handle { _ in } }.named("inner rule") }.named("rule")
            }.named("block")
        }
        #expect(dispatcher.handlers.map(\.handlerName) == ["block", "own", "phase", "inner rule"])
        subscription.cancel()
    }

    @Test func `the priority of a block holds where nothing inside says otherwise`() throws {
        let subscription = try dispatcher.subscribe {
            On(UserCreated.self) {
                Handle { _ in journal.note("block") }
                Handle { _ in journal.note("own") }.priority(0)
                Rule { Handle { _ in journal.note("rule") } }.priority(9)
                Phase(.during) { Handle { _ in journal.note("phase") } }.priority(-1)
            }.priority(5)
        }
        try dispatcher.fireSynchronously(UserCreated())
        #expect(journal.entries == ["rule", "block", "own", "phase"])
        #expect(dispatcher.handlers.map(\.priority) == [5, 0, 9, -1])
        subscription.cancel()
    }

    @Test func `the time-out of a block holds for its asynchronous handlers`() async throws {
        let gate = Gate()
        let wait: @Sendable (String) async throws -> Void = { [journal] name in
            do { try await gate.wait() } catch {
                journal.note("\(name) cancelled")
                throw error
            }
        }
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle("default") { _ in try await wait("default") }
                Handle("in place") { _ in journal.note("in place") }
                Handle("own") { _ in try await wait("own") }.timeout(.seconds(9))
                Rule { Handle("inner") { _ in try await wait("inner") } }.timeout(.seconds(5))
            }.timeout(.seconds(1), grace: .seconds(100))
        }
        async let report = dispatcher.fireReporting(Ping())
        await gate.arrivals(3)
        await clock.sleepers(3)
        clock.advance(by: .seconds(1))
        #expect(await comesTrue { journal.entries.count >= 2 })
        letOthersErr()
        #expect(journal.entries == ["in place", "default cancelled"])
        clock.advance(by: .seconds(4))
        #expect(await comesTrue { journal.entries.count >= 3 })
        letOthersErr()
        #expect(journal.entries == ["in place", "default cancelled", "inner cancelled"])
        gate.open()
        let outcomes = try await report.outcomes.map { "\($0.handler.name) \($0.result)" }
        #expect(outcomes == ["default timed out", "inner timed out"])
        subscription.cancel()
    }

    @Test func `a block whose handlers are all synchronous can't have a time-out`() {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(Ping.self) {
                    Phase(.before) {
                        Handle { _ in }
                        Rule { Handle { @MainActor _ in } }
                    }.timeout(.seconds(1), line: 12)
                    Handle { _ in await Task.yield() }
                }
            }
        }
        #expect(error?.code == .invalidTimeout)
        #expect(error?.message.contains("all of its handlers are synchronous") == true)
        #expect(error?.location.line == 12)
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `a block without handlers may have a time-out`() throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) { if !journal.entries.isEmpty { Handle { _ in } } }.timeout(.seconds(1))
        }
        #expect(!subscription.isActive)
    }

    @Test(arguments: [Duration.zero, .seconds(-1)])
    func `the time-out of a block has to be positive`(duration: Duration) {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(Ping.self) {
                    Handle { _ in await Task.yield() }.timeout(.seconds(1))
                }.timeout(duration, line: 12)
            }
        }
        #expect(error?.code == .invalidTimeout)
        #expect(error?.message.contains("the time-out of a block") == true)
        #expect(error?.location.line == 12)
    }

    @Test func `the grace of a block can't be negative`() {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(Ping.self) { Handle { _ in await Task.yield() } }
                    .timeout(.seconds(1), grace: .seconds(-1), line: 12)
            }
        }
        #expect(error?.code == .invalidTimeout)
        #expect(error?.message.contains("the grace of a block") == true)
        #expect(error?.location.line == 12)
    }

    @Test func `handlers of any event take what their block says`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            OnAny { Handle { _ in try await gate.wait() } }
                .timeout(.seconds(1)).named("any").priority(3)
        }
        #expect(dispatcher.handlers.map(\.handlerName) == ["any"])
        #expect(dispatcher.handlers.map(\.priority) == [3])
        async let report = dispatcher.fireReporting(Ping())
        await gate.arrivals(1)
        await clock.sleepers(1)
        clock.advance(by: .seconds(1))
        #expect(try await report.outcomes.map { "\($0.handler.name) \($0.result)" } == ["any timed out"])
        subscription.cancel()
    }

    @Test func `a limit and defaults of one block go together`() throws {
        let subscription = try dispatcher.subscribe {
            On(UserCreated.self) {
                Handle { _ in journal.note("first") }
                Handle { _ in journal.note("second") }
            }.named("block").limit(1).priority(2)
        }
        #expect(dispatcher.handlers.map(\.limitLeft) == [1, 1])
        try dispatcher.fireSynchronously(UserCreated())
        #expect(try dispatcher.fireSynchronously(UserCreated()).isUnhandled)
        #expect(journal.entries == ["first", "second"])
        subscription.cancel()
    }

    @Test func `a block with modifiers inside an any of is refused`() {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(UserCreated.self) {
                    AnyOf { Rule(line: 12) { Where(\.role == .admin) }.named("admins") }
                    Handle { _ in }
                }
            }
        }
        #expect(error?.code == .misplacedClause)
        #expect(error?.location.line == 12)
    }
}
