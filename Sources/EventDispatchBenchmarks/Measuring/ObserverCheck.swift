import Synchronization

/// What a dispatcher without observers pays for being observable: one atomic load a fire. Measured as a loop of such loads
/// against the same loop without.
enum ObserverCheck {
    private static let operations = 200_000

    static func measure(runs: Int) -> BenchmarkRow {
        let flag = Atomic(true)
        let sum = UnsafeMutablePointer<Int>.allocate(capacity: 1)
        sum.initialize(to: 0)
        defer { sum.deallocate() }
        var timing = Timing()
        let clock = ContinuousClock()
        for _ in 0..<runs {
            let floor = clock.measure {
                for number in 0..<operations { sum.pointee &+= number & sum.pointee }
            }
            let subject = clock.measure {
                for number in 0..<operations where flag.load(ordering: .acquiring) {
                    sum.pointee &+= number & sum.pointee
                }
            }
            timing.add(subject: subject, floor: floor, events: operations)
        }
        var row = BenchmarkRow(Workload.observers.rawValue, subscriptions: 0)
        row.setTiming(timing)
        return row
    }
}
