import EventDispatch
import Synchronization

/// What a dispatcher without observers pays for being observable: one atomic load a fire. Measured as a loop of such loads
/// against the same loop without, and beside it what a fire with one synchronous handler takes in all.
enum ObserverCheck {
    private struct Tick: MatchableEvent {
        let number: Int
    }

    private static let rounds = 15
    private static let operations = 200_000

    static func measure() throws -> Measurement {
        let flag = Atomic(true)
        let sum = UnsafeMutablePointer<Int>.allocate(capacity: 1)
        sum.initialize(to: 0)
        defer { sum.deallocate() }
        var measurement = Measurement("the check for observers in a fire", floor: "an empty loop")
        let clock = ContinuousClock()
        for _ in 0..<rounds {
            let floor = clock.measure {
                for number in 0..<operations { sum.pointee &+= number & sum.pointee }
            }
            let subject = clock.measure {
                for number in 0..<operations where flag.load(ordering: .acquiring) {
                    sum.pointee &+= number & sum.pointee
                }
            }
            measurement.add(floor: floor, subject: subject, operations: operations)
        }
        return measurement
    }

    static func measureFire() throws -> Measurement {
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
