import EventDispatch
import EventDispatchTesting
import Testing

/// Line 2 of the contract: phases are barriers.
@Suite(.timeLimit(.minutes(10))) struct PhaseTests {
    private struct Shutdown: MatchableEvent {
        enum Phases: EventPhases {
            case drain, close, report
            static var main: Self { .close }
        }
    }

    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `phases run in the order of their cases`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Shutdown.self) {
                Phase(.report) { Handle { _ in journal.note("report") } }
                Phase(.close) { Handle { _ in journal.note("close") } }
                Phase(.drain) { Handle { _ in journal.note("drain") } }
            }
        }
        try await dispatcher.fire(Shutdown())
        #expect(journal.entries == ["drain", "close", "report"])
        subscription.cancel()
    }

    @Test func `a handler outside any phase runs in the main phase`() throws {
        let subscription = try dispatcher.on(Shutdown.self) { _ in }
        #expect(dispatcher.handlers.map(\.phase) == ["close"])
        subscription.cancel()
    }

    @Test func `all of a phase have an outcome before any of the next starts`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Shutdown.self) {
                Phase(.close) { Handle { _ in journal.note("close") } }
                Phase(.report) { Handle { _ in journal.note("report") } }
            }
            On(Shutdown.self) {
                Phase(.drain) {
                    Handle { _ in
                        try await gate.wait()
                        journal.note("drained slowly")
                    }
                    Handle { _ in journal.note("drained") }
                    Handle { _ in
                        await Task.yield()
                        throw CancellationError()
                    }
                }
            }
        }
        async let report = dispatcher.fireReporting(Shutdown())
        await gate.arrivals(1)
        #expect(!journal.entries.contains("close"))
        gate.open()
        #expect(try await report.matched == 5)
        // The one that waited may go on while the fire hasn't come to the next yet.
        #expect(Set(journal.entries.prefix(2)) == ["drained", "drained slowly"])
        #expect(journal.entries.suffix(2) == ["close", "report"])
        subscription.cancel()
    }

    @Test func `a handler removed while an earlier phase is suspended does not run`() async throws {
        let gate = Gate()
        let waiting = try dispatcher.subscribe {
            On(Shutdown.self) { Phase(.drain) { Handle { _ in try await gate.wait() } } }
        }
        let removed = try dispatcher.on(Shutdown.self) { [journal] _ in journal.note("removed") }
        let kept = try dispatcher.on(Shutdown.self) { [journal] _ in journal.note("kept") }
        async let report = dispatcher.fireReporting(Shutdown())
        await gate.arrivals(1)
        removed.cancel()
        gate.open()
        let outcomes = try await report.outcomes
        #expect(journal.entries == ["kept"])
        #expect(outcomes.map(\.result.description) == ["skipped: unsubscribed"])
        waiting.cancel()
        kept.cancel()
    }

    @Test func `failures stop neither siblings nor later phases`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Shutdown.self) {
                Phase(.drain) {
                    Handle { _ in throw CancellationError() }
                    Handle { _ in journal.note("sibling") }
                }
                Phase(.report) { Handle { _ in journal.note("later") } }
            }
        }
        let report = try await dispatcher.fireReporting(Shutdown())
        #expect(report.succeeded == 2)
        #expect(journal.entries == ["sibling", "later"])
        subscription.cancel()
    }
}
