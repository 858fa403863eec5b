import EventDispatch

/// A contest of a dispatcher with filtered subscriptions and a floor that looks the same up by hand.
struct FilteredContest {
    let workload: String
    let subscriptions: Int
    /// How many events there are.
    let events: Int
    var checksumEvents = 100_000
    let expectedChecksum: Int
    /// Makes the subscription of a number; those past the number of subscriptions are added and cancelled while the others are
    /// there.
    let subscribe: (Int, EventDispatcher, CallCounter) throws -> EventSubscription
    /// Fires the events at a range of indices.
    let fire: (Range<Int>, EventDispatcher) throws -> Void
    /// Makes the floor, which counts its calls and what it found.
    let floor: (_ calls: CallCounter, _ found: CallCounter) throws -> (Range<Int>) throws -> Void

    nonisolated(nonsending) func measure(runs: Int) async throws -> BenchmarkRow {
        let calls = CallCounter()
        let found = CallCounter()
        let floorCalls = CallCounter()
        defer {
            calls.free()
            found.free()
            floorCalls.free()
        }
        let dispatcher = EventDispatcher()
        let set = try SubscriptionSet(subscriptions) { number in try subscribe(number, dispatcher, calls) }
        let floor = try floor(floorCalls, found)
        let contest = Contest(
            workload: workload,
            subscriptions: subscriptions,
            events: events,
            checksumEvents: checksumEvents,
            expectedChecksum: expectedChecksum,
            calls: { calls.value },
            floorCalls: { floorCalls.value },
            subject: { range in try fire(range, dispatcher) },
            floor: { range in try floor(range) }
        )
        var row = try await contest.measure(runs: runs)
        row.bytesPerSubscription = set.bytesEach
        row.tableBytesPerSubscription = Double(dispatcher.tableByteCount) / Double(subscriptions)
        row.setChanges(
            try ChangeTiming(runs: runs) { variant in try subscribe(subscriptions + variant, dispatcher, calls) }
        )
        withExtendedLifetime(set) {}
        return row
    }
}
