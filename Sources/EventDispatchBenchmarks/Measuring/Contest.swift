/// What is timed, and the floor beneath it.
struct Contest {
    /// Takes the events at a range of indices, one after the other.
    typealias Loop = nonisolated(nonsending) (Range<Int>) async throws -> Void

    let workload: String
    let subscriptions: Int
    /// How many events there are; the loops go through them again and again.
    let events: Int
    /// How many events the checksum covers.
    var checksumEvents = 100_000
    /// How often handlers are called for these.
    let expectedChecksum: Int
    /// How often handlers have been called so far.
    let calls: () -> Int
    /// How often the floor has called its closures so far.
    let floorCalls: () -> Int
    let subject: Loop
    let floor: Loop
}
