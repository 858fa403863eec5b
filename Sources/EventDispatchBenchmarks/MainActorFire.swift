import EventDispatch

/// A fire from the main actor with one asynchronous handler that has no isolation of its own, against the plain await of the
/// same closure from there. A hop to another thread and back would cost about a hundred times as much.
enum MainActorFire {
    private struct Tick: MatchableEvent {
        let number: Int
    }

    private static let rounds = 15
    private static let operations = 20_000

    @MainActor
    static func measure() async throws -> Measurement {
        let dispatcher = EventDispatcher()
        let sum = Sum()
        let subscription = try dispatcher.on(Tick.self) { tick in await sum.add(tick.number) }
        let closure: nonisolated(nonsending) @Sendable (Tick) async throws -> Void = { tick in
            await sum.add(tick.number)
        }

        var measurement = Measurement("fire, one asynchronous handler, from the main actor", floor: "plain await")
        let clock = ContinuousClock()
        for _ in 0..<rounds {
            let floor = try await clock.measure {
                for number in 0..<operations { try await closure(Tick(number: number)) }
            }
            let subject = try await clock.measure {
                for number in 0..<operations { try await dispatcher.fire(Tick(number: number)) }
            }
            measurement.add(floor: floor, subject: subject, operations: operations)
        }
        subscription.cancel()
        precondition(sum.value == 2 * rounds * operations * (operations - 1) / 2, "a handler did not run")
        return measurement
    }
}
