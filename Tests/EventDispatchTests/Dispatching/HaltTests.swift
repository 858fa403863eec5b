import EventDispatch
import EventDispatchTesting
import Testing

/// Lines 1 and 5 of the contract: what a failure stops, and what it does not.
@Suite(.timeLimit(.minutes(10))) struct HaltTests {
    private struct Failure: Error {}

    private struct Deploy: MatchableEvent {
        enum Phases: EventPhases {
            case check, build, ship
            static var main: Self { .build }
            var isGate: Bool { self == .check }
        }
    }

    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    private func results<Event>(_ report: DispatchReport<Event>) -> [String] {
        report.outcomes.map { "\($0.handler.name) \($0.result)" }
    }

    @Test func `a failure in a gate skips later phases`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Deploy.self) {
                Phase(.check) {
                    Handle("a") { _ in throw Failure() }
                    Handle("b") { _ in journal.note("b") }
                }
                Phase(.build) { Handle("c") { _ in journal.note("c") } }
                Phase(.ship) { Handle("d") { _ in await Task.yield() } }
            }
        }
        let report = try await dispatcher.fireReporting(Deploy())
        #expect(results(report) == ["a failed: Failure()", "c skipped: gateFailed", "d skipped: gateFailed"])
        #expect(report.matched == 4)
        #expect(journal.entries == ["b"])
        subscription.cancel()
    }

    @Test func `a gate stops a synchronous fire too`() throws {
        let subscription = try dispatcher.subscribe {
            On(Deploy.self) {
                Phase(.check) { Handle { _ in throw Failure() } }
                Handle { _ in journal.note("ran") }
            }
        }
        #expect(throws: DispatchFailure.self) { try dispatcher.fireSynchronously(Deploy()) }
        #expect(journal.entries.isEmpty)
        subscription.cancel()
    }

    @Test func `a failure outside a gate skips nothing`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Deploy.self) {
                Phase(.build) { Handle("a") { _ in throw Failure() } }
                Phase(.ship) { Handle("b") { _ in journal.note("b") } }
            }
        }
        let report = try await dispatcher.fireReporting(Deploy())
        #expect(results(report) == ["a failed: Failure()"])
        #expect(journal.entries == ["b"])
        subscription.cancel()
    }

    @Test func `fail fast cancels and awaits the rest`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Phase(.during, .failFast) {
                    Handle("cooperative") { _ in
                        try await gate.wait()
                    }
                    Handle("slow to give up") { _ in
                        _ = try? await gate.wait()
                        journal.note("cleaned up")
                    }
                    Handle("failing") { _ in
                        await Task.yield()
                        throw Failure()
                    }
                }
                Phase(.after) { Handle("later phase") { _ in journal.note("later phase") } }
            }
        }
        let report = try await dispatcher.fireReporting(Ping())
        #expect(results(report) == ["cooperative cancelled", "failing failed: Failure()"])
        #expect(report.succeeded == 2)
        #expect(journal.entries == ["cleaned up", "later phase"])
        subscription.cancel()
    }

    @Test func `fail fast skips what has not started`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle("running") { _ in try await gate.wait() }
                Phase(.during, .failFast) { Handle("failing") { _ in throw Failure() } }
                Handle("synchronous") { _ in journal.note("ran") }
                Handle("asynchronous") { _ in await Task.yield() }
            }
        }
        let report = try await dispatcher.fireReporting(Ping())
        #expect(
            results(report) == [
                "running cancelled", "failing failed: Failure()", "synchronous skipped: failedFast",
                "asynchronous skipped: failedFast",
            ]
        )
        #expect(journal.entries.isEmpty)
        subscription.cancel()
    }

    @Test func `fail fast skips the rest when an asynchronous handler fails at once`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Phase(.during, .failFast) {
                    Handle("failing") { _ in
                        try await fail()
                        await Task.yield()
                    }
                    Handle("synchronous") { _ in journal.note("ran") }
                    Handle("asynchronous") { _ in await Task.yield() }
                }
            }
        }
        let report = try await dispatcher.fireReporting(Ping())
        #expect(
            results(report) == [
                "failing failed: Failure()", "synchronous skipped: failedFast", "asynchronous skipped: failedFast",
            ]
        )
        #expect(journal.entries.isEmpty)
        subscription.cancel()
    }

    private nonisolated(nonsending) func fail() async throws { throw Failure() }

    @Test func `without fail fast siblings go on`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle("failing") { _ in throw Failure() }
                Handle("sibling") { _ in
                    await Task.yield()
                    try Task.checkCancellation()
                }
                Handle("another") { _ in await Task.yield() }
            }
        }
        #expect(try await dispatcher.fireReporting(Ping()).succeeded == 2)
        subscription.cancel()
    }

    @Test(arguments: [true, false])
    func `a handler stops what has not started yet`(isAsynchronous: Bool) async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                if isAsynchronous {
                    Handle("running") { _ in try await gate.wait() }
                    Handle("stopping") { _ in
                        DispatchContext.current?.stop()
                        gate.open()
                        await Task.yield()
                    }
                } else {
                    Handle("stopping") { _ in DispatchContext.current?.stop() }
                }
                Handle("sibling") { _ in journal.note("ran") }
                Phase(.after) { Handle("later") { _ in journal.note("ran") } }
            }
        }
        let report = try await dispatcher.fire(Ping())
        #expect(results(report) == ["sibling skipped: fireStopped", "later skipped: fireStopped"])
        #expect(report.succeeded == (isAsynchronous ? 2 : 1))
        #expect(journal.entries.isEmpty)
        try await dispatcher.fire(Ping())
        subscription.cancel()
    }

    @Test func `stopping a nested fire stops no other`() throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { [dispatcher] _ in try dispatcher.fireSynchronously(UserCreated()) }
                Handle { _ in journal.note("outer") }
            }
            On(UserCreated.self) {
                Handle { _ in DispatchContext.current?.stop() }
                Handle { _ in journal.note("inner") }
            }
        }
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["outer"])
        subscription.cancel()
    }
}
