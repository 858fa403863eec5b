import EventDispatch
import EventDispatchTesting
import Testing

/// Expectations that can't be right.
@Suite(.timeLimit(.minutes(10))) struct RefusedExpectationTests {
    private let dispatcher = EventDispatcher()

    @Test func `a count below zero is refused with its place`() async throws {
        let counts: [(FireCount, String)] = [
            (-1, "-1"), (.exactly(-2), "-2"), (.atLeast(-1), ".atLeast(-1)"), (.atMost(-1), ".atMost(-1)"),
            (.between(-3...2), ".between(-3...2)"),
        ]
        for (count, source) in counts {
            let expectations = [
                Fires(OrderPlaced.self, times: count, line: 12), Fires(named: "shop.**", times: count, line: 12),
            ]
            for (expectation, subject) in zip(expectations, ["shop.order.placed.self", #"named: "shop.**""#]) {
                let error = await #expect(throws: DispatchError.self) {
                    try await dispatcher.expecting {
                        expectation
                    } during: {
                        Issue.record("the closure ran")
                    }
                }
                #expect(error?.code == .invalidLimit)
                #expect(
                    error?.description == """
                        EventDispatchTestingTests/RefusedExpectationTests.swift:12: Fires(\(subject), times: \(source)) \
                        is refused: events can't come less often than 0 times
                        """
                )
            }
        }
    }

    @Test func `conditions that cannot be right are refused before the closure runs`() async throws {
        let error = await #expect(throws: DispatchError.self) {
            try await dispatcher.expecting {
                Fires(UserCreated.self) { Where(\.logins, in: 3..<3) }
            } during: {
                try await dispatcher.fire(UserCreated())
                Issue.record("the closure ran")
            }
        }
        #expect(error?.code == .neverMatches)
        let misplaced = await #expect(throws: DispatchError.self) {
            try await dispatcher.expecting {
                Fires(UserCreated.self) { Handle { _ in } }
            } during: {
            }
        }
        #expect(misplaced?.code == .misplacedClause)
        let pattern = await #expect(throws: DispatchError.self) {
            try await dispatcher.expecting {
                Fires(named: "shop.**.x")
            } during: {
            }
        }
        #expect(pattern?.code == .invalidPattern)
    }
}
