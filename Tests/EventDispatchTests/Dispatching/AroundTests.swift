import EventDispatch
import EventDispatchTesting
import Testing

/// Firing an event around an operation.
@Suite(.timeLimit(.minutes(10))) struct AroundTests {
    private struct Deploy: MatchableEvent {
        enum Phases: EventPhases {
            case announce, check, ship, report
            static var main: Self { .ship }
            var isGate: Bool { self == .check }
        }
        var version = 1

        struct MatchKeys: MatchKeySet {
            let version = Key(\.version)
        }
    }

    private struct Refused: Error {}

    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = SubscriptionBag()

    private func noteAllPhases() throws {
        bag.insert(
            try dispatcher.subscribe {
                On(Deploy.self) {
                    for phase in Deploy.Phases.allCases {
                        Phase(phase) {
                            Handle { _ in
                                await Task.yield()
                                journal.note("\(phase)")
                            }
                        }
                    }
                }
            }
        )
    }

    @Test func `the operation runs between the earlier phases and the main one`() async throws {
        try noteAllPhases()
        let value = try await dispatcher.fire(Deploy()) {
            journal.note("operation")
            await Task.yield()
            return 42
        }
        #expect(value == 42)
        #expect(journal.entries == ["announce", "check", "operation", "ship", "report"])
    }

    @Test func `without handlers the operation runs all the same`() async throws {
        #expect(try await dispatcher.fire(Deploy()) { 42 } == 42)
    }

    @Test func `a failure in a gate keeps the operation from running`() async throws {
        try noteAllPhases()
        bag.insert(try dispatcher.on(Deploy.self, during: .check) { _ in throw Refused() })
        let failure = await #expect(throws: DispatchFailure.self) {
            try await dispatcher.fire(Deploy()) { journal.note("operation") }
        }
        #expect(failure?.errors.count == 1)
        #expect(failure?.errors.first is Refused)
        #expect(journal.entries == ["announce", "check"])
        let (value, report) = try await dispatcher.fireReporting(Deploy()) { 42 }
        #expect(value == nil)
        #expect(report.outcomes.filter { "\($0.result)" == "skipped: gateFailed" }.map(\.phase) == ["ship", "report"])
    }

    @Test func `a failure in an earlier phase that is no gate stops nothing`() async throws {
        bag.insert(try dispatcher.on(Deploy.self, during: .announce) { _ in throw Refused() })
        try noteAllPhases()
        let (value, report) = try await dispatcher.fireReporting(Deploy()) { 42 }
        #expect(value == 42)
        #expect(journal.entries == ["announce", "check", "ship", "report"])
        #expect(report.outcomes.count == 1)
        await #expect(throws: DispatchFailure.self) { try await dispatcher.fire(Deploy()) { 42 } }
    }

    @Test func `when the operation throws later phases do not run and its error comes out`() async throws {
        try noteAllPhases()
        let observed = Journal()
        dispatcher.observe(with: JournalObserver(journal: observed))
        await #expect(throws: Refused.self) {
            try await dispatcher.fire(Deploy()) { throw Refused() }
        }
        #expect(journal.entries == ["announce", "check"])
        #expect(observed.entries.last?.hasSuffix("Deploy 4/2") == true)
    }

    @Test func `a failure after the operation is thrown and the reporting form has the value too`() async throws {
        bag.insert(try dispatcher.on(Deploy.self, during: .report) { _ in throw Refused() })
        await #expect(throws: DispatchFailure.self) { try await dispatcher.fire(Deploy()) { 42 } }
        let (value, report) = try await dispatcher.fireReporting(Deploy()) { 42 }
        #expect(value == 42)
        #expect(report.outcomes.map(\.phase) == ["report"])
    }

    @Test func `a task that is cancelled before the operation does not run it`() async throws {
        let gate = Gate()
        bag.insert(try dispatcher.on(Deploy.self, during: .announce) { _ in await gate.waitIgnoringCancellation() })
        try noteAllPhases()
        let task = Task { [dispatcher, journal] in
            try await dispatcher.fire(Deploy()) { journal.note("operation") }
        }
        await gate.arrivals(1)
        task.cancel()
        gate.open()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(!journal.entries.contains("operation"))
        #expect(!journal.entries.contains("ship"))
    }

    @Test func `a stop before the operation keeps it from running`() async throws {
        bag.insert(try dispatcher.on(Deploy.self, during: .announce) { _ in DispatchContext.current?.stop() })
        try noteAllPhases()
        let (value, report) = try await dispatcher.fireReporting(Deploy()) {
            journal.note("operation")
            return 42
        }
        #expect(value == nil)
        #expect(Set(report.outcomes.map { "\($0.result)" }) == ["skipped: fireStopped"])
        let error = await #expect(throws: DispatchError.self) {
            try await dispatcher.fire(Deploy()) { journal.note("operation") }
        }
        #expect(error?.code == .fireStopped)
        #expect(
            error?.message == "the operation around \(Deploy.eventName) did not run: a handler stopped the fire"
        )
        #expect(journal.entries.isEmpty)
    }

    @Test func `an operation that stops the fire keeps its value and the later handlers from starting`() async throws {
        try noteAllPhases()
        let value = try await dispatcher.fire(Deploy()) {
            DispatchContext.current?.stop()
            return 42
        }
        #expect(value == 42)
        #expect(journal.entries == ["announce", "check"])
    }

    @Test func `the operation is inside its fire`() async throws {
        try await dispatcher.fire(Deploy()) {
            await Task.yield()
            let context = try #require(DispatchContext.current)
            #expect(context.phase.isEmpty)
            #expect(context.path == [Deploy.eventName])
            #expect(context.dispatcher === dispatcher)
        }
        #expect(DispatchContext.current == nil)
    }

    @Test func `what the operation fires is nested in its fire`() async throws {
        let dispatcher = EventDispatcher(maximumDepth: 2)
        bag.insert(
            try dispatcher.on(Deploy.self, during: .announce) { deploy in
                if deploy.version > 1 { throw Refused() }
            }
        )
        bag.insert(
            try dispatcher.on(Ping.self) { [journal] _ in journal.note("\(DispatchContext.current?.path ?? [])") }
        )
        let error = await #expect(throws: DispatchError.self) {
            try await dispatcher.fire(Deploy()) {
                try await dispatcher.fire(Ping())
                try await dispatcher.fire(Deploy()) { try await dispatcher.fire(Ping()) }
            }
        }
        #expect(error?.code == .nestedTooDeep)
        #expect(journal.entries == ["\([Deploy.eventName, Ping.eventName])"])
    }

    @Test func `an operation may fire while the dispatcher is stopping`() async throws {
        let gate = Gate()
        bag.insert(try dispatcher.on(Ping.self) { [journal] _ in journal.note("ping") })
        let task = Task { [dispatcher] in
            try await dispatcher.fire(Deploy()) {
                await gate.waitIgnoringCancellation()
                try await dispatcher.fire(Ping())
            }
        }
        await gate.arrivals(1)
        let stop = Task { [dispatcher] in await dispatcher.stop() }
        let hasComeTrue = await comesTrue { [dispatcher] in dispatcher.refuses(Deploy()) }
        #expect(hasComeTrue)
        gate.open()
        try await task.value
        #expect(await stop.value.isComplete)
        #expect(journal.entries == ["ping"])
    }

    @Test func `a stop from inside the operation does not wait for it`() async throws {
        let report = try await dispatcher.fire(Deploy()) { await dispatcher.stop() }
        #expect(report.firesInProgress == 1)
    }

    @Test func `a task that the operation leaves behind is inside no fire`() async throws {
        let gate = Gate()
        let task = try await dispatcher.fire(Deploy()) {
            Task {
                await gate.waitIgnoringCancellation()
                return DispatchContext.current?.path
            }
        }
        gate.open()
        #expect(await task.value == nil)
    }

    @Test func `a handler that the operation adds sees the next fire`() async throws {
        try await dispatcher.fire(Deploy()) {
            bag.insert(try dispatcher.on(Deploy.self) { [journal] _ in journal.note("ran") })
        }
        #expect(journal.entries.isEmpty)
        try await dispatcher.fire(Deploy()) {}
        #expect(journal.entries == ["ran"])
    }

    @MainActor @Test func `operation and handlers run on the caller's actor`() async throws {
        bag.insert(
            try dispatcher.subscribe {
                On(Deploy.self) {
                    for phase in Deploy.Phases.allCases { Phase(phase) { Handle(assertMainActor) } }
                }
            }
        )
        var steps = 0
        let count = try await dispatcher.fire(Deploy()) {
            await Task.yield()
            MainActor.preconditionIsolated()
            steps += 1
            return steps
        }
        #expect(count == 1)
    }

    @Test func `a block limit counts the fire once`() async throws {
        bag.insert(
            try dispatcher.subscribe {
                On(Deploy.self) {
                    Phase(.check) { Handle { _ in journal.note("check") } }
                    Phase(.report) { Handle { _ in journal.note("report") } }
                }
                .limit(1)
            }
        )
        try await dispatcher.fire(Deploy()) {}
        try await dispatcher.fire(Deploy()) {}
        #expect(journal.entries == ["check", "report"])
    }

    @Test func `a stopped dispatcher refuses it and runs nothing`() async throws {
        let dispatcher = EventDispatcher(started: false)
        await #expect(throws: DispatchError.self) {
            try await dispatcher.fire(Deploy()) { journal.note("operation") }
        }
        #expect(journal.entries.isEmpty)
    }

    @Test func `a stop waits for the operation`() async throws {
        let gate = Gate()
        let task = Task { [dispatcher] in try await dispatcher.fire(Deploy()) { try await gate.wait() } }
        await gate.arrivals(1)
        let stop = Task { [dispatcher, journal] in
            let report = await dispatcher.stop()
            journal.note("stopped \(report.isComplete)")
        }
        let hasComeTrue = await comesTrue { [dispatcher] in dispatcher.refuses(Ping()) }
        #expect(hasComeTrue)
        #expect(journal.entries.isEmpty)
        gate.open()
        try await task.value
        await stop.value
        #expect(journal.entries == ["stopped true"])
    }
}

private nonisolated(nonsending) func assertMainActor(_ event: some MatchableEvent) async {
    MainActor.preconditionIsolated()
    await Task.yield()
    MainActor.preconditionIsolated()
}
