/// What was found out about one workload at one number of subscriptions. What does not apply, or can't be measured here, is nil.
struct BenchmarkRow {
    let workload: String
    let subscriptions: Int
    var nanosecondsPerEvent: Double?
    /// The distance between the quartiles of the rounds, as a part of the median.
    var spread: Double?
    var floorNanoseconds: Double?
    var ratio: Double?
    var checksum: Checksum?
    var allocationsPerEvent: Double?
    var bytesPerSubscription: Double?
    var tableBytesPerSubscription: Double?
    var addNanoseconds: Double?
    var removeNanoseconds: Double?

    init(_ workload: String, subscriptions: Int) {
        self.workload = workload
        self.subscriptions = subscriptions
    }

    /// Takes over the medians of a timing, and how the subject compares to its floor.
    mutating func setTiming(_ timing: Timing) {
        let subject = Quartiles(timing.subject)
        let floor = Quartiles(timing.floor)
        nanosecondsPerEvent = subject.median
        spread = subject.spread
        floorNanoseconds = floor.median
        ratio = floor.median > 0 ? subject.median / floor.median : nil
    }

    /// Takes over the medians of adding and removing.
    mutating func setChanges(_ changes: ChangeTiming) {
        addNanoseconds = Quartiles(changes.add).median
        removeNanoseconds = Quartiles(changes.remove).median
    }
}
