import EventDispatch
import EventDispatchTesting
import Testing

/// Line 9 of the contract: handlers that take too long.
@Suite(.timeLimit(.minutes(10))) struct TimeoutTests {
    private let clock = ManualClock()
    private let dispatcher: EventDispatcher
    private let journal = Journal()

    init() { dispatcher = EventDispatcher(clock: clock) }

    private func results<Event>(_ report: DispatchReport<Event>) -> [String] {
        report.outcomes.map { "\($0.handler.name) \($0.result)" }
    }

    @Test func `a handler that overruns and cooperates has timed out`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle("slow") { _ in
                    do { try await gate.wait() } catch {
                        journal.note("cancelled")
                        throw error
                    }
                }.timeout(.seconds(5))
                Phase(.after) { Handle { _ in journal.note("after") } }
            }
        }
        async let report = dispatcher.fireReporting(Ping())
        await gate.arrivals(1)
        clock.advance(by: .seconds(5))
        #expect(try await results(report) == ["slow timed out"])
        #expect(journal.entries == ["cancelled", "after"])
        subscription.cancel()
    }

    @Test func `a handler that ignores its cancellation still runs`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle("stubborn") { _ in
                    await gate.waitIgnoringCancellation()
                    journal.note("ended")
                }.timeout(.seconds(1), grace: .zero)
            }
        }
        async let report = dispatcher.fireReporting(Ping())
        await gate.arrivals(1)
        clock.advance(by: .seconds(1))
        #expect(try await results(report) == ["stubborn timed out, still running"])
        #expect(journal.entries.isEmpty)
        gate.open()
        await subscription.cancelAndWait()
        #expect(journal.entries == ["ended"])
    }

    @Test func `a handler that ends in time has not timed out`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in try await gate.wait() }.timeout(.seconds(5))
                Handle { _ in journal.note("at once") }
                Handle { _ in await Task.yield() }.timeout(.seconds(5))
            }
        }
        async let report = dispatcher.fire(Ping())
        await gate.arrivals(1)
        clock.advance(by: .seconds(4))
        gate.open()
        #expect(try await report.succeeded == 3)
        clock.advance(by: .seconds(100))
        subscription.cancel()
    }

    @Test func `fire throws when a handler timed out`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) { Handle("slow") { _ in try await gate.wait() }.timeout(.seconds(1)) }
        }
        let task = Task { [dispatcher] in try await dispatcher.fire(Ping()) }
        await gate.arrivals(1)
        clock.advance(by: .seconds(1))
        let failure = await #expect(throws: DispatchFailure.self) { try await task.value }
        let error = failure?.errors.first as? DispatchError
        #expect(error?.code == .timedOut)
        #expect(error?.description.contains("'slow'") == true)
        subscription.cancel()
    }

    @Test func `a timeout is a failure for a gate`() async throws {
        struct Guarded: MatchableEvent {
            enum Phases: EventPhases {
                case ask, act
                static var main: Self { .act }
                var isGate: Bool { self == .ask }
            }
        }
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Guarded.self) {
                Phase(.ask) { Handle("ask") { _ in try await gate.wait() }.timeout(.seconds(1)) }
                Handle("act") { _ in journal.note("acted") }
            }
        }
        async let report = dispatcher.fireReporting(Guarded())
        await gate.arrivals(1)
        clock.advance(by: .seconds(1))
        #expect(try await results(report) == ["ask timed out", "act skipped: gateFailed"])
        subscription.cancel()
    }

    @Test func `cancelling the fire cancels a handler with a timeout`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) { Handle("waiting") { _ in try await gate.wait() }.timeout(.seconds(1)) }
        }
        let task = Task { [dispatcher] in try await dispatcher.fireReporting(Ping()) }
        await gate.arrivals(1)
        task.cancel()
        #expect(try await results(task.value) == ["waiting cancelled"])
        subscription.cancel()
    }

    @Test func `a handler with a timeout keeps isolation context and place in the order`() async throws {
        try await onMainActor()
    }

    @MainActor private func onMainActor() async throws {
        let journal = journal
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in
                    MainActor.preconditionIsolated()
                    journal.note("timed \(DispatchContext.current?.phase ?? "")")
                    await Task.yield()
                    MainActor.preconditionIsolated()
                }.timeout(.seconds(1))
                Handle { _ in journal.note("next") }
            }
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["timed during", "next"])
        subscription.cancel()
    }

    @Test func `a timeout on a synchronous handler is refused`() {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(Ping.self) { Handle("quick") { _ in }.timeout(.seconds(1), line: 12) }
            }
        }
        #expect(error?.code == .invalidTimeout)
        #expect(error?.message.contains("'quick'") == true)
        #expect(error?.location.line == 12)
    }

    @Test(arguments: [Duration.zero, .seconds(-1)])
    func `a timeout that is not positive is refused`(duration: Duration) {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(Ping.self) { Handle("slow") { _ in await Task.yield() }.timeout(duration) }
            }
        }
        #expect(error?.code == .invalidTimeout)
        #expect(error?.message.contains("\(duration)") == true)
    }
}
