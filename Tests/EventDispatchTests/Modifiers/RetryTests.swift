import EventDispatch
import EventDispatchTesting
import Testing

/// Handlers that are tried again.
@Suite(.timeLimit(.minutes(10))) struct RetryTests {
    private struct Flaky: Error, Equatable { let attempt: Int }

    private let clock = ManualClock()
    private let dispatcher: EventDispatcher
    private let journal = Journal()
    private let attempts = Tally()
    private let bag = SubscriptionBag()

    init() { dispatcher = EventDispatcher(clock: clock) }

    private func subscribe(@SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration]) throws {
        bag.insert(try dispatcher.subscribe(declarations))
    }

    /// Fails until an attempt.
    private func attempt(succeedingAt success: Int) throws {
        let attempt = attempts.increment()
        if attempt < success { throw Flaky(attempt: attempt) }
    }

    @Test func `a handler that fails is tried again and has one outcome that counts the attempts`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle("flaky") { _ in
                    await Task.yield()
                    try attempt(succeedingAt: 3)
                }
                .retry(5)
            }
        }
        let report = try await dispatcher.fire(Ping(), detail: .all)
        #expect(attempts.value == 3)
        #expect(report.succeeded == 1)
        #expect(report.outcomes.map(\.attempts) == [3])
        #expect(report.outcomes.map(\.hasStarted) == [true])
    }

    @Test func `retry of three makes up to four attempts and the last failure is the outcome`() async throws {
        try subscribe { On(Ping.self) { Handle { _ async throws in try attempt(succeedingAt: 9) }.retry(3) } }
        let report = try await dispatcher.fireReporting(Ping())
        #expect(attempts.value == 4)
        #expect(report.outcomes.map(\.attempts) == [4])
        #expect(report.outcomes.first?.error as? Flaky == Flaky(attempt: 4))
        #expect(report.outcomes.first?.description.hasSuffix("after 4 attempts") == true)
    }

    @Test func `a synchronous handler is tried again in place`() throws {
        try subscribe { On(Ping.self) { Handle { _ in try attempt(succeedingAt: 3) }.retry(2) } }
        #expect(try dispatcher.fireSynchronously(Ping(), detail: .all).outcomes.map(\.attempts) == [3])
    }

    @Test func `a handler on the main actor is tried again there`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle { @MainActor _ in
                    MainActor.assertIsolated()
                    try attempt(succeedingAt: 3)
                }
                .retry(2)
            }
        }
        let here = try await dispatcher.fire(Ping(), detail: .all)
        #expect(here.outcomes.map(\.attempts) == [3])
    }

    @Test func `pauses are as long as the policy says on the dispatcher's clock`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle { _ async throws in
                    journal.note("\(clock.now.offset)")
                    try attempt(succeedingAt: 9)
                }
                .retry(.exponential(from: .seconds(1), upTo: .seconds(3), attempts: 5))
            }
        }
        async let report = dispatcher.fireReporting(Ping())
        for pause in [1, 2, 3, 3] {
            await clock.sleepers(1)
            clock.advance(by: .seconds(pause))
        }
        #expect(try await report.outcomes.map(\.attempts) == [5])
        #expect(journal.entries == ["0.0 seconds", "1.0 seconds", "3.0 seconds", "6.0 seconds", "9.0 seconds"])
    }

    @Test func `each attempt has its own time-out`() async throws {
        let gate = Gate()
        try subscribe {
            On(Ping.self) {
                Handle { _ in
                    attempts.increment()
                    try await gate.wait()
                }
                .timeout(.seconds(5))
                .retry(1)
            }
        }
        async let report = dispatcher.fireReporting(Ping())
        for attempt in 1...2 {
            await gate.arrivals(attempt)
            await clock.sleepers(1)
            clock.advance(by: .seconds(5))
        }
        let outcomes = try await report.outcomes
        #expect(outcomes.map(\.attempts) == [2])
        #expect(outcomes.map { "\($0.result)" } == ["timed out"])
        #expect(attempts.value == 2)
    }

    @Test func `a handler that was left behind is not tried again`() async throws {
        let gate = Gate()
        try subscribe {
            On(Ping.self) {
                Handle { _ in
                    attempts.increment()
                    await gate.waitIgnoringCancellation()
                }
                .timeout(.seconds(1), grace: .zero)
                .retry(5)
            }
        }
        async let report = dispatcher.fireReporting(Ping())
        await gate.arrivals(1)
        await clock.sleepers(1)
        clock.advance(by: .seconds(1))
        #expect(try await report.outcomes.map { "\($0.result)" } == ["timed out, still running"])
        gate.open()
        await dispatcher.stop()
        #expect(attempts.value == 1)
    }

    @Test func `attempts have one claim on the limits`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle { _ in try attempt(succeedingAt: 3) }.retry(5).limit(2).limit(2, within: .seconds(9))
            }
        }
        for _ in 0..<3 { try await dispatcher.fire(Ping()) }
        #expect(attempts.value == 4)
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `a success after failures is a success for the limit`() async throws {
        try subscribe {
            On(Ping.self) { Handle { _ in try attempt(succeedingAt: 2) }.retry(1).limit(1, counting: .successes) }
        }
        try await dispatcher.fire(Ping())
        #expect(dispatcher.handlers.isEmpty)
    }

    // MARK: What ends it

    @Test func `a fire that is cancelled in a pause tries no more`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle { _ async throws in try attempt(succeedingAt: 9) }.retry(.constant(.seconds(1), attempts: 5))
            }
        }
        let fire = Task { try await dispatcher.fireReporting(Ping()) }
        await clock.sleepers(1)
        fire.cancel()
        let outcomes = try await fire.value.outcomes
        #expect(outcomes.first?.error as? Flaky == Flaky(attempt: 1))
        #expect(outcomes.map(\.attempts) == [1])
    }

    @Test func `a fire that is stopped tries no more`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle { _ in
                    DispatchContext.current?.stop()
                    try attempt(succeedingAt: 9)
                }
                .retry(5)
            }
        }
        _ = try await dispatcher.fireReporting(Ping())
        #expect(attempts.value == 1)
    }

    @Test(arguments: [true, false])
    func `a handler whose subscription is cancelled or muted in a pause is not started again`(
        isCancelled: Bool
    ) async throws {
        let subscription = try dispatcher.on(
            Ping.self,
            Handle { _ async throws in try attempt(succeedingAt: 9) }.retry(.constant(.seconds(1), attempts: 5))
        )
        let fire = Task { try await dispatcher.fireReporting(Ping()).outcomes.map(\.attempts) }
        await clock.sleepers(1)
        let counts: [Int]
        if isCancelled {
            // The pause is no run, so nothing is waited for.
            await subscription.cancelAndWait()
            clock.advance(by: .seconds(1))
            counts = try await fire.value
        } else {
            counts = try await subscription.muted { () async throws -> [Int] in
                clock.advance(by: .seconds(1))
                return try await fire.value
            }
        }
        #expect(counts == [1])
        #expect(attempts.value == 1)
        subscription.cancel()
    }

    @Test func `a handler whose owner goes in a pause is not started again`() async throws {
        final class Owner: Sendable {}
        var owner: Owner? = Owner()
        bag.insert(
            try dispatcher.on(
                Ping.self,
                Handle(weak: owner!) { _, _ async throws in try attempt(succeedingAt: 9) }
                    .retry(.constant(.seconds(1), attempts: 5))
            )
        )
        async let report = dispatcher.fireReporting(Ping())
        await clock.sleepers(1)
        owner = nil
        clock.advance(by: .seconds(1))
        #expect(try await report.outcomes.map(\.attempts) == [1])
        #expect(attempts.value == 1)
    }

    @Test func `a handler in a fail-fast block fails when its attempts are over`() async throws {
        try subscribe {
            On(Ping.self) {
                Phase(.during, .failFast) {
                    Handle { _ in try attempt(succeedingAt: 2) }.retry(1)
                    Handle { _ in journal.note("second") }
                }
            }
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["second"])
    }

    @Test func `handlers in one phase are tried again beside each other`() async throws {
        let gate = Gate()
        try subscribe {
            On(Ping.self) {
                Handle { _ in
                    try await gate.wait()
                    try attempt(succeedingAt: 2)
                }
                .retry(3)
                Handle { _ in
                    await gate.arrivals(1)
                    gate.open()
                }
            }
        }
        #expect(try await dispatcher.fire(Ping()).succeeded == 2)
    }

    @Test func `observers see one start and one end for all attempts`() async throws {
        dispatcher.observe(with: JournalObserver(journal: journal))
        try subscribe { On(Ping.self) { Handle("flaky") { _ in try attempt(succeedingAt: 3) }.retry(5) } }
        try await dispatcher.fire(Ping())
        #expect(journal.entries.count { $0.hasPrefix("start") } == 1)
        #expect(journal.entries.count { $0.hasPrefix("end") && $0.hasSuffix("succeeded") } == 1)
    }

    @Test func `every attempt has a context that ends with it`() async throws {
        try subscribe {
            On(Ping.self) {
                Handle { _ async throws in
                    journal.note(DispatchContext.current?.phase ?? "none")
                    try attempt(succeedingAt: 2)
                }
                .retry(3)
            }
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["during", "during"])
        #expect(DispatchContext.current == nil)
    }

    // MARK: Policies

    @Test func `pauses grow to the longest and never past it`() {
        let policy = RetryPolicy.exponential(from: .milliseconds(100), upTo: .seconds(1), attempts: 9)
        #expect(
            (1...7).map { policy.pause(beforeAttempt: $0) }
                == [0, 100, 200, 400, 800, 1_000, 1_000].map { .milliseconds($0) }
        )
        let constant = RetryPolicy.constant(.seconds(2), attempts: .max)
        #expect(constant.pause(beforeAttempt: .max) == .seconds(2))
        let long = RetryPolicy.exponential(from: .nanoseconds(1), upTo: .seconds(Int64.max), attempts: .max)
        #expect(long.pause(beforeAttempt: .max) == .seconds(Int64.max))
        #expect(RetryPolicy.immediate(attempts: 3).pause(beforeAttempt: 3) == .zero)
    }
}
