import EventDispatch
import EventDispatchTesting
import Testing

/// Line 9 of the contract: a handler whose time is up while it waits for its actor.
@Suite(.timeLimit(.minutes(10))) struct TimeoutStartTests {
    enum Limit: CaseIterable, Sendable { case starts, once, successes, perKey, block, none }

    private struct Guarded: MatchableEvent {
        enum Phases: EventPhases {
            case ask, act
            static var main: Self { .act }
            var isGate: Bool { self == .ask }
        }
    }

    private let clock = ManualClock()
    private let dispatcher: EventDispatcher
    private let journal = Journal()
    private let desk = HeldActor()

    init() { dispatcher = EventDispatcher(clock: clock) }

    @Test(arguments: Limit.allCases)
    func `a handler that waits for a busy actor past its time never starts and uses up nothing`(limit: Limit)
        async throws
    {
        let subscription = try subscribe(limit)
        let report = try await fireWhileTheActorIsBusy(Ping())
        #expect(report.outcomes.count == 1)
        let outcome = try #require(report.outcomes.first)
        #expect("\(outcome)".hasSuffix("(during) timed out before it started"))
        #expect(!outcome.hasStarted)
        #expect((outcome.error as? DispatchError)?.code == .timedOut)
        #expect((outcome.error as? DispatchError)?.message.contains("did not start in time") == true)
        desk.jobs.release()
        #expect(journal.entries.isEmpty)
        #expect(subscription.isActive)
        #expect(try await dispatcher.fire(Ping()).succeeded == 1)
        #expect(journal.entries == ["ran"])
        #expect(try await dispatcher.fire(Ping()).matched == (limit == .none ? 1 : 0))
        subscription.cancel()
    }

    @Test func `nothing waits for a handler whose time was up before it started`() async throws {
        let subscription = try subscribe(.none)
        _ = try await fireWhileTheActorIsBusy(Ping())
        await subscription.cancelAndWait()
        let report = await dispatcher.stop()
        #expect(report.isComplete)
        desk.jobs.release()
        #expect(journal.entries.isEmpty)
    }

    @Test func `a timeout before the start is a failure for a gate`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Guarded.self) {
                Phase(.ask) { Handle("ask", on: desk) { _, _ in await Task.yield() }.timeout(.seconds(1)) }
                Handle("act") { _ in journal.note("acted") }
            }
        }
        let report = try await fireWhileTheActorIsBusy(Guarded())
        #expect(
            report.outcomes.map { "\($0.handler.name) \($0.result)" } == ["ask timed out", "act skipped: gateFailed"]
        )
        subscription.cancel()
        desk.jobs.release()
    }

    @Test func `a handler that comes to its actor in time starts`() async throws {
        let subscription = try subscribe(.once)
        async let report = dispatcher.fireReporting(Ping())
        await desk.jobs.arrival()
        desk.jobs.release()
        #expect(try await report.succeeded == 1)
        clock.advance(by: .seconds(100))
        #expect(!subscription.isActive)
    }

    @Test func `an outcome tells whether a cancelled handler had started`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle("running") { _ in try await gate.wait() }
                Handle("on its way", on: desk) { _, _ in await Task.yield() }
            }
        }
        let fire = Task { [dispatcher] in try await dispatcher.fireReporting(Ping()) }
        await gate.arrivals(1)
        await desk.jobs.arrival()
        fire.cancel()
        desk.jobs.release()
        let outcomes = try await fire.value.outcomes
        #expect(
            outcomes.map { "\($0.handler.name) \($0.result) \($0.hasStarted)" } == [
                "running cancelled true", "on its way cancelled false",
            ]
        )
        subscription.cancel()
    }

    /// Subscribes a handler on the actor that has a time-out of a second, and one start.
    private func subscribe(_ limit: Limit) throws -> EventSubscription {
        let handle = Handle<Ping>("work", on: desk) { [journal] _, _ in
            await Task.yield()
            journal.note("ran")
        }.timeout(.seconds(1))
        return try dispatcher.subscribe {
            On(Ping.self) {
                switch limit {
                case .starts: handle.limit(1)
                case .once: handle.once()
                case .successes: handle.limit(1, counting: .successes)
                case .perKey: handle.limit(1, per: \.count)
                case .block: Rule { handle }.limit(1)
                case .none: handle
                }
            }
        }
    }

    /// Fires an event whose handler waits for the actor until its time is up.
    private func fireWhileTheActorIsBusy<Event: MatchableEvent>(_ event: Event) async throws -> DispatchReport<Event> {
        async let report = dispatcher.fireReporting(event)
        await desk.jobs.arrival()
        clock.advance(by: .seconds(1))
        return try await report
    }
}
