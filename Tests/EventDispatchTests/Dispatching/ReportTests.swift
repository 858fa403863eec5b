import EventDispatch
import EventDispatchTesting
import Testing

/// Line 1 of the contract: what `fire` returns and throws.
@Suite(.timeLimit(.minutes(10))) struct ReportTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    private struct Failure: Error, Equatable {
        let id: Int
    }

    @Test func `fire returns after every matched handler has an outcome`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                for _ in 0..<5 {
                    Handle { _ in
                        await Task.yield()
                        journal.note("ended")
                    }
                }
            }
        }
        let report = try await dispatcher.fire(Ping())
        #expect(journal.entries.count == 5)
        #expect(report.matched == 5)
        #expect(report.succeeded == 5)
        #expect(report.outcomes.isEmpty)
        subscription.cancel()
    }

    @Test func `replies that are nil arrive as they are`() async throws {
        struct Nested: MatchableEvent { typealias Reply = String?? }
        struct Anything: MatchableEvent { typealias Reply = (any Sendable)? }
        let subscription = try dispatcher.subscribe {
            On(Nested.self) { for reply in [String??.none, .some(nil), .some("x")] { Handle { _ in reply } } }
            On(Anything.self) {
                Handle { _ in nil }
                Handle { _ in
                    await Task.yield()
                    return nil
                }
                Handle { _ in 1 }
            }
        }
        #expect(try await dispatcher.fire(Nested()).replies == [.none, .some(nil), .some("x")])
        #expect(try await dispatcher.fire(Anything()).replies.map { $0 == nil } == [true, true, false])
        subscription.cancel()
    }

    @Test func `an event that matches nothing is unhandled`() async throws {
        let subscription = try dispatcher.on(Ping.self, where: \.count == 1) { _ in }
        #expect(try await dispatcher.fire(Ping()).isUnhandled)
        #expect(try await !dispatcher.fire(Ping(count: 1)).isUnhandled)
        subscription.cancel()
    }

    @Test func `every error of every handler arrives with its name and call site`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle("first", line: 1) { _ in throw Failure(id: 1) }
                Handle(line: 2) { _ in
                    await Task.yield()
                    throw Failure(id: 2)
                }
                Handle("fine") { _ in journal.note("ran") }
                Handle(line: 3) { _ in
                    await Task.yield()
                    throw Failure(id: 3)
                }.named("third")
                Phase(.after) { Handle("after", line: 4) { @MainActor _ in throw Failure(id: 4) } }
            }
        }
        do {
            try await dispatcher.fire(Ping())
            Issue.record("fire did not throw")
        } catch let failure as DispatchFailure {
            #expect(failure.errors.compactMap { $0 as? Failure } == (1...4).map { Failure(id: $0) })
            #expect(failure.report.matched == 5)
            #expect(failure.report.succeeded == 1)
            #expect(failure.report.outcomes.map(\.handler.name) == ["first", "", "third", "after"])
            #expect(failure.report.outcomes.map(\.handler.location.line) == [1, 2, 3, 4])
            #expect(failure.report.outcomes.map(\.phase) == ["during", "during", "during", "after"])
            #expect(failure.report is DispatchReport<Ping>)
            for line in ["'first' at \(#fileID):1 (during) failed: Failure(id: 1)", "'third'", "'after'"] {
                #expect("\(failure)".contains(line), "\(failure)")
            }
        }
        #expect(journal.entries == ["ran"])
        subscription.cancel()
    }

    @Test func `fire reporting returns failures in the report`() async throws {
        let subscription = try dispatcher.on(Ping.self) { _ in throw Failure(id: 1) }
        let report = try await dispatcher.fireReporting(Ping())
        #expect(report.matched == 1)
        #expect(report.succeeded == 0)
        #expect(report.outcomes.map { $0.error as? Failure } == [Failure(id: 1)])
        subscription.cancel()
    }

    @Test func `outcomes stand in dispatch order however handlers end`() async throws {
        let hasEnded = (0...20).map { _ in Gate() }
        hasEnded[20].open()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                for id in 0..<20 {
                    Handle { _ in
                        await hasEnded[id + 1].waitIgnoringCancellation()
                        hasEnded[id].open()
                        throw Failure(id: id)
                    }
                }
            }
        }
        let report = try await dispatcher.fireReporting(Ping())
        #expect(report.outcomes.map { ($0.error as? Failure)?.id } == Array(0..<20))
        subscription.cancel()
    }

    @Test func `replies of handlers that return nothing are not collected`() async throws {
        let subscription = try dispatcher.on(Ping.self) { _ in }
        #expect(try await dispatcher.fire(Ping()).replies.isEmpty)
        subscription.cancel()
    }

    @Test func `detail all has a row for every handler with its duration`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle("a") { _ in }
                Handle("b") { _ in await Task.yield() }
                Handle("c") { _ in throw Failure(id: 1) }
            }
        }
        let report = try await dispatcher.fireReporting(Ping(), detail: .all)
        #expect(report.outcomes.map(\.handler.name) == ["a", "b", "c"])
        #expect(report.outcomes.allSatisfy { ($0.duration ?? .seconds(-1)) >= .zero })
        #expect((report.duration ?? .zero) >= (report.outcomes.compactMap(\.duration).max() ?? .seconds(1)))
        #expect(try await dispatcher.fireReporting(Ping()).duration == nil)
        subscription.cancel()
    }

    @Test func `an error that would break the line is reported escaped`() async throws {
        struct Hostile: Error, CustomStringConvertible { var description: String { "a\r\n\u{1B}[2Jb" } }
        let subscription = try dispatcher.on(Ping.self) { _ in throw Hostile() }
        let report = try await dispatcher.fireReporting(Ping())
        #expect("\(report)".split(separator: "\n").count == 2)
        #expect("\(report)".hasSuffix(#"failed: a\r\n\u{1B}[2Jb"#))
        subscription.cancel()
    }

    @Test func `a report retains no handler`() async throws {
        final class Captured: Sendable {}
        weak var captured: Captured?
        let subscription = try {
            let object = Captured()
            captured = object
            return try dispatcher.on(Ping.self) { _ in
                withExtendedLifetime(object) {}
                throw Failure(id: 1)
            }
        }()
        let report = try await dispatcher.fireReporting(Ping(), detail: .all)
        #expect(captured != nil)
        subscription.cancel()
        #expect(captured == nil)
        #expect(report.outcomes.count == 1)
    }

    @Test func `a cancelled task gets a cancellation error and its handlers are cancelled`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle("synchronous") { _ in journal.note("ran") }
                Handle("asynchronous") { _ in journal.note("ran") }
            }
        }
        let task = Task { [dispatcher] in
            withUnsafeCurrentTask { $0?.cancel() }
            let report = try await dispatcher.fireReporting(Ping())
            #expect(report.outcomes.map(\.handler.name) == ["synchronous", "asynchronous"])
            #expect(report.outcomes.allSatisfy { if case .cancelled = $0.result { true } else { false } })
            try await dispatcher.fire(Ping())
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(journal.entries.isEmpty)
        subscription.cancel()
    }

    @Test func `a cancelled task does not start a lone asynchronous handler`() async throws {
        let subscription = try dispatcher.on(Ping.self) { [journal] _ in
            await Task.yield()
            journal.note("ran")
        }
        let task = Task { [dispatcher] in
            withUnsafeCurrentTask { $0?.cancel() }
            return try await dispatcher.fireReporting(Ping())
        }
        #expect(try await task.value.outcomes.map(\.result.description) == ["cancelled"])
        #expect(journal.entries.isEmpty)
        subscription.cancel()
    }

    @Test func `a handler that passes the cancellation on is cancelled`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle("a") { _ in try await gate.wait() }
                Handle("b") { _ in
                    await gate.waitIgnoringCancellation()
                    throw Failure(id: 1)
                }
                Phase(.after) { Handle("c") { _ in journal.note("ran") } }
            }
        }
        let task = Task { [dispatcher] in try await dispatcher.fireReporting(Ping()) }
        await gate.arrivals(2)
        task.cancel()
        gate.open()
        let report = try await task.value
        #expect(report.outcomes.map(\.result.description) == ["cancelled", "failed: Failure(id: 1)", "cancelled"])
        #expect(journal.entries.isEmpty)
        subscription.cancel()
    }

    @Test func `a failure goes before a cancellation`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.on(Ping.self) { _ in
            await gate.waitIgnoringCancellation()
            throw Failure(id: 1)
        }
        let task = Task { [dispatcher] in _ = try await dispatcher.fire(Ping()) }
        await gate.arrivals(1)
        task.cancel()
        gate.open()
        await #expect(throws: DispatchFailure.self) { try await task.value }
        subscription.cancel()
    }

    @Test func `a fire that was cancelled throws even if its handlers succeed`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.on(Ping.self) { _ in await gate.waitIgnoringCancellation() }
        let task = Task { [dispatcher] in _ = try await dispatcher.fire(Ping()) }
        await gate.arrivals(1)
        task.cancel()
        gate.open()
        await #expect(throws: CancellationError.self) { try await task.value }
        subscription.cancel()
    }

    @Test func `a cancellation inside a phase keeps asynchronous handlers from starting`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle("a") { _ in withUnsafeCurrentTask { $0?.cancel() } }
                Handle("b") { _ in await Task.yield() }
                Handle("c") { _ in journal.note("synchronous ones of the phase run") }
                Handle("d") { _ in await Task.yield() }
                Phase(.after) { Handle("e") { _ in journal.note("ran") } }
            }
        }
        let report = try await Task { [dispatcher] in try await dispatcher.fireReporting(Ping()) }.value
        #expect(report.outcomes.map(\.handler.name) == ["b", "d", "e"])
        #expect(report.outcomes.allSatisfy { $0.result.description == "cancelled" })
        #expect(journal.entries == ["synchronous ones of the phase run"])
        subscription.cancel()
    }

    @Test(arguments: [false, true])
    func `a cancellation in one phase keeps handlers of the next from starting`(isObserved: Bool) async throws {
        if isObserved { dispatcher.observe(with: JournalObserver(journal: Journal())) }
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Phase(.before) {
                    Handle("a") { _ in withUnsafeCurrentTask { $0?.cancel() } }
                    Handle("b") { _ in journal.note("others of the phase run") }
                }
                Phase(.after) { Handle("c") { _ in journal.note("ran") } }
            }
        }
        let report = try await Task { [dispatcher] in try await dispatcher.fireReporting(Ping()) }.value
        #expect(report.succeeded == 2)
        #expect(report.outcomes.map { "\($0.handler.name) \($0.result)" } == ["c cancelled"])
        #expect(journal.entries == ["others of the phase run"])
        subscription.cancel()
    }

    @Test func `a synchronous fire passes a cancellation on`() async throws {
        let subscription = try dispatcher.on(Ping.self) { _ in try Task.checkCancellation() }
        let task = Task { [dispatcher] in
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try dispatcher.fireSynchronously(Ping())
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        subscription.cancel()
    }

    @Test func `a handler's own cancellation error is a failure`() async throws {
        let subscription = try dispatcher.on(Ping.self) { _ in throw CancellationError() }
        await #expect(throws: DispatchFailure.self) { try await dispatcher.fire(Ping()) }
        subscription.cancel()
    }

    @Test func `a report counts failures and time-outs`() async throws {
        let clock = ManualClock()
        let dispatcher = EventDispatcher(clock: clock)
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in }
                Handle { _ in throw Failure(id: 1) }
                Handle { _ in throw Failure(id: 2) }
                Handle { _ in try await gate.wait() }.timeout(.seconds(1))
            }
        }
        async let firing = dispatcher.fireReporting(Ping(), detail: .all)
        await gate.arrivals(1)
        await clock.sleepers(1)
        clock.advance(by: .seconds(1))
        let report: any AnyDispatchReport = try await firing
        #expect(report.matched == 4)
        #expect(report.succeeded == 1)
        #expect(report.failed == 2)
        #expect(report.timedOut == 1)
        #expect(report.outcomes.map(\.result.isFailure) == [false, true, true, true])
        #expect(report.outcomes.map(\.result.isTimedOut) == [false, false, false, true])
        #expect(report.outcomes.map { $0.result.error as? Failure } == [nil, Failure(id: 1), Failure(id: 2), nil])
        #expect((report.outcomes[3].error as? DispatchError)?.code == .timedOut)
        subscription.cancel()
    }

    @Test func `cancelled and skipped handlers count as neither`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { _ in DispatchContext.current?.stop() }
                Phase(.after) { Handle { _ in } }
            }
        }
        let report = try await dispatcher.fire(Ping())
        #expect(report.outcomes.map(\.result.description) == ["skipped: fireStopped"])
        #expect(report.failed == 0 && report.timedOut == 0)
        #expect(report.outcomes[0].result.error == nil && !report.outcomes[0].result.isFailure)
        subscription.cancel()
    }
}
