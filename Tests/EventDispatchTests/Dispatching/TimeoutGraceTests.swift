import EventDispatch
import EventDispatchTesting
import Testing

/// Line 9 of the contract: how a handler ends that was cancelled because its time was up.
@Suite(.timeLimit(.minutes(10))) struct TimeoutGraceTests {
    private let clock = ManualClock()
    private let dispatcher: EventDispatcher
    private let journal = Journal()
    private let gate = Gate()

    init() { dispatcher = EventDispatcher(clock: clock) }

    private func results<Event>(_ report: DispatchReport<Event>) -> [String] {
        report.outcomes.map { "\($0.handler.name) \($0.result)" }
    }

    @Test func `the fire waits for a handler that ends within its grace`() async throws {
        let cleanUp = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle("slow") { [journal, gate] _ in
                    _ = try? await gate.wait()
                    await cleanUp.waitIgnoringCancellation()
                    journal.note("cleaned up")
                }.timeout(.seconds(5), grace: .seconds(2))
                Phase(.after) { Handle { _ in journal.note("after") } }
            }
        }
        async let report = dispatcher.fireReporting(Ping())
        await gate.arrivals(1)
        clock.advance(by: .seconds(5))
        await cleanUp.arrivals(1)
        await clock.sleepers(1)
        clock.advance(by: .milliseconds(1_999))
        cleanUp.open()
        #expect(try await results(report) == ["slow timed out"])
        #expect(journal.entries == ["cleaned up", "after"])
        subscription.cancel()
    }

    @Test func `how many turns a cancelled handler takes makes no difference`() async throws {
        let subscription = try dispatcher.on(Ping.self, timeout: .seconds(5)) { [journal, gate] _ in
            _ = try? await gate.wait()
            for _ in 0..<2_000 {  // turns: what the test is about
                await Task.yield()
            }
            journal.note("ended")
        }
        async let report = dispatcher.fireReporting(Ping())
        await gate.arrivals(1)
        clock.advance(by: .seconds(5))
        #expect(try await results(report) == ["slow timed out"])
        #expect(journal.entries == ["ended"])
        subscription.cancel()
    }

    @Test func `after its grace the fire goes on without the handler`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle("stubborn") { [gate] _ in await gate.waitIgnoringCancellation() }.timeout(.seconds(5))
                Phase(.after) { Handle { _ in journal.note("after") } }
            }
        }
        async let report = dispatcher.fireReporting(Ping())
        await gate.arrivals(1)
        clock.advance(by: .seconds(5))
        await clock.sleepers(1)
        #expect(journal.entries.isEmpty)
        clock.advance(by: .seconds(1))
        #expect(try await results(report) == ["stubborn timed out, still running"])
        #expect(journal.entries == ["after"])
        gate.open()
        await subscription.cancelAndWait()
    }

    @Test func `without a grace the fire goes on at once`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle("stubborn") { [gate] _ in await gate.waitIgnoringCancellation() }
                    .timeout(.seconds(5), grace: .zero)
            }
        }
        async let report = dispatcher.fireReporting(Ping())
        await gate.arrivals(1)
        clock.advance(by: .seconds(5))
        let outcomes = try await report.outcomes
        #expect(outcomes.map { "\($0.result)" } == ["timed out, still running"])
        #expect(outcomes.map(\.hasStarted) == [true])
        gate.open()
        await subscription.cancelAndWait()
    }

    @Test func `a negative grace is refused`() {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(Ping.self) { Handle("slow") { _ in await Task.yield() }.timeout(.seconds(1), grace: .seconds(-1)) }
            }
        }
        #expect(error?.code == .invalidTimeout)
        #expect(error?.message.contains("\(Duration.seconds(-1))") == true)
    }

    @Test func `a start that is left behind counts as in flight until it ends`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle("confirm") { [gate, journal] _ in
                    journal.note("started")
                    await gate.waitIgnoringCancellation()
                }
                .timeout(.seconds(1), grace: .zero)
                .limit(1, counting: .successes)
            }
        }
        async let report = dispatcher.fireReporting(Ping())
        await gate.arrivals(1)
        clock.advance(by: .seconds(1))
        #expect(try await results(report) == ["confirm timed out, still running"])
        #expect(try dispatcher.fireSynchronously(Ping()).isUnhandled)
        gate.open()
        #expect(await dispatcher.stop().isComplete)
        dispatcher.start()
        // It returned without an error, but too late: that is no success.
        #expect(try await dispatcher.fire(Ping()).succeeded == 1)
        #expect(try await dispatcher.fire(Ping()).isUnhandled)
        #expect(journal.entries == ["started", "started"])
        #expect(!subscription.isActive)
    }

    @Test func `a start that is left behind has used up its limit`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle("once") { [gate] _ in await gate.waitIgnoringCancellation() }
                    .timeout(.seconds(1), grace: .zero)
                    .once()
            }
        }
        async let report = dispatcher.fireReporting(Ping())
        await gate.arrivals(1)
        clock.advance(by: .seconds(1))
        #expect(try await report.matched == 1)
        #expect(try dispatcher.fireSynchronously(Ping()).isUnhandled)
        gate.open()
        await subscription.cancelAndWait()
        #expect(dispatcher.handlers.isEmpty)
    }
}

extension EventDispatcher {
    /// Registers one handler with a time-out and the usual grace.
    fileprivate func on(
        _ event: Ping.Type,
        timeout: Duration,
        _ body: nonisolated(nonsending) @escaping @Sendable (Ping) async -> Void
    ) throws -> EventSubscription {
        try subscribe { On(event) { Handle("slow", body).timeout(timeout) } }
    }
}
