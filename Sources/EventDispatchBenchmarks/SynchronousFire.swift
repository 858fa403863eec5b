import EventDispatch
import Synchronization

/// A synchronous fire with one handler, against a loop over an array of closures.
enum SynchronousFire {
    private struct Tick: MatchableEvent {
        let number: Int
    }

    private static let rounds = 15
    private static let operations = 200_000

    static func measure() throws -> Measurement {
        let dispatcher = EventDispatcher()
        let total = Atomic(0)
        let closure: @Sendable (Tick) throws -> Void = { tick in total.wrappingAdd(tick.number, ordering: .relaxed) }
        let closures = [closure]
        let subscription = try dispatcher.on(Tick.self, closure)
        var measurement = Measurement("fireSynchronously, one handler", floor: "a loop over an array of closures")
        let clock = ContinuousClock()
        for _ in 0..<rounds {
            let floor = try clock.measure {
                for number in 0..<operations { for closure in closures { try closure(Tick(number: number)) } }
            }
            let subject = try clock.measure {
                for number in 0..<operations { try dispatcher.fireSynchronously(Tick(number: number)) }
            }
            measurement.add(floor: floor, subject: subject, operations: operations)
        }
        subscription.cancel()
        return measurement
    }
}
