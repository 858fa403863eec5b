import Synchronization

/// What a dispatcher without observers pays for being observable: one atomic load a fire. Measured as a loop of such loads
/// against the same loop without.
enum ObserverCheck {
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
}
