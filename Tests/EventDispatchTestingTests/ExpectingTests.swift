import EventDispatch
import EventDispatchTesting
import Foundation
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct ExpectingTests {
    private struct Failed: Error {}

    private let dispatcher = EventDispatcher()
    private let ran = Count()

    // MARK: What is met

    @Test func `expectations that are met let the value through`() async throws {
        let value = try await dispatcher.expecting {
            Fires(UserCreated.self, times: 1) { Where(\.role == .admin) }
            Fires(UserCreated.self, times: 2)
            Fires(named: "shop.order.*")
            NeverFires(UserCreated.self) { Where(\.name == "mallory") }
            NeverFires(named: "bank.**")
        } during: {
            try await dispatcher.fire(UserCreated(name: "eve", role: .admin))
            try await dispatcher.fire(UserCreated(name: "bob"))
            try await dispatcher.fire(OrderPlaced())
            return 42
        }
        #expect(value == 42)
    }

    @Test func `counts are exact or ranges`() async throws {
        try await dispatcher.expecting {
            Fires(OrderPlaced.self, times: 3)
            Fires(OrderPlaced.self, times: .atLeast(2))
            Fires(OrderPlaced.self, times: .atMost(3))
            Fires(OrderPlaced.self, times: .between(3...4))
            Fires(UserCreated.self, times: 0)
        } during: {
            for total in 1...3 { try dispatcher.fireSynchronously(OrderPlaced(total: total)) }
        }
    }

    @Test func `a name is that of a type or an event's own`() async throws {
        try await dispatcher.expecting(strict: true) {
            Fires(named: "shop.order.*", times: 2)
            Fires(named: "EventDispatch.**", times: 1)
            NeverFires(named: "shop.user.*")
        } during: {
            try await dispatcher.fire(NamedEvent("shop.order.created", 7))
            try await dispatcher.fire(OrderPlaced())
        }
        let failure = await failure {
            try await dispatcher.expecting {
                Fires(named: "shop.user.*")
                NeverFires(named: "shop.order.*")
            } during: {
                try await dispatcher.fire(NamedEvent("shop.order.created"))
            }
        }
        #expect(failure?.problems.count == 2)
        #expect(failure?.problems.first?.hasSuffix("its name is shop.order.created") == true)
    }

    @Test func `what is posted is waited for`() async throws {
        try await dispatcher.expecting {
            Fires(OrderPlaced.self, times: 1)
        } during: {
            try await dispatcher.post(OrderPlaced())
        }
    }

    @Test func `what handlers fire counts`() async throws {
        let subscription = try dispatcher.on(UserCreated.self) { _ in
            try await DispatchContext.current?.dispatcher.fire(OrderPlaced())
        }
        try await dispatcher.expecting {
            Fires(OrderPlaced.self)
        } during: {
            try await dispatcher.fire(UserCreated())
        }
        subscription.cancel()
    }

    @MainActor @Test func `the closure runs on the caller's actor`() async throws {
        var steps = 0
        try await dispatcher.expecting {
        } during: {
            await Task.yield()
            MainActor.preconditionIsolated()
            steps += 1
        }
        #expect(steps == 1)
    }

    // MARK: What is not met

    @Test func `an event that did not come is named with the nearest and what failed`() async throws {
        let failure = await failure {
            try await dispatcher.expecting(line: 12) {
                Fires(UserCreated.self, times: 1, line: 34) {
                    Where(\.role == .admin)
                    Where(\.logins, in: 0..<3)
                }
            } during: {
                try await dispatcher.fire(UserCreated(name: "far", logins: 7))
                try await dispatcher.fire(UserCreated(name: "bob"))
                try await dispatcher.fire(OrderPlaced())
            }
        }
        #expect(
            failure?.description == #"""
                EventDispatchTestingTests/ExpectingTests.swift:12: expectations were not met
                - Fires(shop.user.created.self, times: 1) { \.role == .admin && \.logins in 0..<3 } at \#
                EventDispatchTestingTests/ExpectingTests.swift:34: fired 0 times
                  nearest: UserCreated(bob)
                    \.role == .admin does not hold: \.role is .user
                a trace is in \#(failure?.trace ?? "nowhere")
                """#
        )
    }

    @Test func `an event is shown that holds a date which is not a number or a very long text`() async throws {
        struct Noted: MatchableEvent {
            var date = Date(timeIntervalSinceReferenceDate: .nan)
            var text = String(repeating: "x", count: 100_000)
        }
        let failure = await failure {
            try await dispatcher.expecting {
                NeverFires(Noted.self)
            } during: {
                try await dispatcher.fire(Noted())
            }
        }
        let shown = try #require(failure?.problems.first)
        #expect(shown.contains("came: Noted(date: <Date that does not equal itself>"))
        #expect(shown.utf8.count < 2_000)
    }

    @Test func `an event that came too often is shown`() async throws {
        let failure = await failure {
            try await dispatcher.expecting {
                NeverFires(UserCreated.self, line: 12) { Where(\.name == "bob") }
                Fires(OrderPlaced.self, times: 1, line: 34)
            } during: {
                try await dispatcher.fire(UserCreated(name: "bob"))
                for total in 1...7 { try await dispatcher.fire(OrderPlaced(total: total)) }
            }
        }
        #expect(
            failure?.problems == [
                #"""
                NeverFires(shop.user.created.self) { \.name == "bob" } at \#
                EventDispatchTestingTests/ExpectingTests.swift:12: fired 1 time
                  came: UserCreated(bob)
                """#,
                """
                Fires(shop.order.placed.self, times: 1) at \
                EventDispatchTestingTests/ExpectingTests.swift:34: fired 7 times
                  came: OrderPlaced(1)
                  came: OrderPlaced(2)
                  came: OrderPlaced(3)
                  came: OrderPlaced(4)
                  came: OrderPlaced(5)
                  and 2 more
                """,
            ]
        )
    }

    @Test func `a name that did not come is shown with another that did`() async throws {
        let failure = await failure {
            try await dispatcher.expecting {
                Fires(named: "shop.order.*", times: .atLeast(2), line: 12)
            } during: {
                try await dispatcher.fire(UserCreated())
            }
        }
        #expect(
            failure?.problems == [
                """
                Fires(named: "shop.order.*", times: .atLeast(2)) at \
                EventDispatchTestingTests/ExpectingTests.swift:12: fired 0 times
                  nearest: UserCreated(susan)
                    its name is shop.user.created
                """
            ]
        )
    }

    @Test func `where no place is given it is that of the caller`() async throws {
        let (here, unmet) = (#line, await failure { try await dispatcher.expecting({ Fires(named: "a") }, during: {}) })
        #expect(unmet?.location == CallSite(fileID: #fileID, line: here))
        let expectations: [(Int, any EventExpectation)] = [
            (#line, Fires(UserCreated.self)),
            (#line, Fires(named: "shop.user.*")),
            (#line, NeverFires(OrderPlaced.self)),
            (#line, NeverFires(named: "shop.order.*")),
        ]
        let failure = await failure {
            try await dispatcher.expecting {
                for (_, expectation) in expectations { expectation }
            } during: {
                try await dispatcher.fire(OrderPlaced())
            }
        }
        #expect(failure?.problems.count == expectations.count)
        for (problem, (line, _)) in zip(failure?.problems ?? [], expectations) {
            #expect(problem.contains(" at \(#fileID):\(line): fired "))
        }
    }

    @Test func `where nothing came that is said`() async throws {
        let first = await failure {
            try await dispatcher.expecting {
                Fires(UserCreated.self)
            } during: {
            }
        }
        #expect(first?.problems.first?.hasSuffix("fired 0 times\n  no event came") == true)
        let second = await failure {
            try await dispatcher.expecting {
                Fires(UserCreated.self)
            } during: {
                try await dispatcher.fire(OrderPlaced())
            }
        }
        #expect(second?.problems.first?.hasSuffix("fired 0 times\n  nothing like it came") == true)
    }

    @Test func `strict expectations name what nobody expected`() async throws {
        let failure = await failure {
            try await dispatcher.expecting(strict: true) {
                Fires(UserCreated.self) { Where(\.name == "eve") }
            } during: {
                try await dispatcher.fire(UserCreated(name: "eve"))
                try await dispatcher.fire(UserCreated(name: "bob"))
                try await dispatcher.fire(OrderPlaced())
            }
        }
        #expect(failure?.problems == ["unexpected: UserCreated(bob)", "unexpected: OrderPlaced(1)"])
    }

    @Test func `control characters in events are escaped`() async throws {
        let failure = await failure {
            try await dispatcher.expecting(strict: true) {
            } during: {
                try await dispatcher.fire(UserCreated(name: "a\nb"))
            }
        }
        #expect(failure?.problems == [#"unexpected: UserCreated(a\nb)"#])
    }

    @Test func `a failure can be reported instead of thrown`() async throws {
        var reported: [ExpectationFailure] = []
        let value = try await dispatcher.expecting(reporting: { reported.append($0) }) {
            Fires(UserCreated.self)
        } during: {
            42
        }
        #expect(value == 42)
        #expect(reported.count == 1)
    }

    @Test func `what did not hold is shown with the value of its key`() async throws {
        let failure = await failure {
            try await dispatcher.expecting {
                Fires(UserCreated.self) {
                    AnyOf {
                        Where(\.logins == 1)
                        Where(\.logins == 2)
                    }
                    Where(\.name == "eve" || \.role == .admin)
                    Where(!(\.name == "bob"))
                    Where { event in event.logins > 7 }
                }
            } during: {
                try await dispatcher.fire(UserCreated(name: "bob"))
            }
        }
        let shown = #"""
            nearest: UserCreated(bob)
                \.logins == 1 || \.logins == 2 does not hold: \.logins is 0
                \.name == "eve" || \.role == .admin does not hold
                \.name != "bob" does not hold: \.name is "bob"
                { … } does not hold
            """#
        #expect(failure?.problems.first?.hasSuffix(shown) == true)
    }

    // MARK: Handlers

    @Test func `handlers run unless they are muted`() async throws {
        let subscription = try dispatcher.on(UserCreated.self) { _ in ran.increment() }
        try await dispatcher.expecting {
            Fires(UserCreated.self)
        } during: {
            try await dispatcher.fire(UserCreated())
        }
        #expect(ran.value == 1)
        subscription.cancel()
    }

    @Test func `muted handlers do not run and are restored`() async throws {
        let bag = SubscriptionBag()
        bag.insert(try dispatcher.on(UserCreated.self) { _ in ran.increment() })
        bag.insert(try dispatcher.subscribe { OnAny { _ in ran.increment() } })
        try await dispatcher.expecting(handlers: .muted) {
            Fires(UserCreated.self, times: 1)
        } during: {
            try await dispatcher.fire(UserCreated())
        }
        #expect(ran.value == 0)
        #expect(dispatcher.handlers.count == 2)
        try await dispatcher.fire(UserCreated())
        #expect(ran.value == 2)
    }

    @Test func `everything is restored when the closure throws`() async throws {
        let subscription = try dispatcher.on(UserCreated.self) { _ in ran.increment() }
        await #expect(throws: Failed.self) {
            try await dispatcher.expecting(handlers: .muted) {
                Fires(UserCreated.self)
            } during: {
                throw Failed()
            }
        }
        try await dispatcher.fire(UserCreated())
        #expect(ran.value == 1)
        subscription.cancel()
    }

    private nonisolated(nonsending) func failure<Result>(
        of body: nonisolated(nonsending) () async throws -> Result
    ) async -> ExpectationFailure? {
        do { _ = try await body() } catch { return error as? ExpectationFailure }
        return nil
    }
}

private final class Count: Sendable {
    private let count = Atomic(0)
    func increment() { count.add(1, ordering: .relaxed) }
    var value: Int { count.load(ordering: .relaxed) }
}
