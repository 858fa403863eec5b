extension Contest {
    /// The checksum is left out when it would take longer, in nanoseconds.
    private static let longestChecksum = 3e10
    private static let eventsToCountAllocations = 10_000

    /// Warms up, takes the checksum, times both sides in turns, and counts allocations in a pass of its own.
    nonisolated(nonsending) func measure(runs: Int) async throws -> BenchmarkRow {
        var trial = EventCycle(count: events)
        let round = try await RoundSize.calibrate { count in
            for range in trial.next(count) { try await subject(range) }
        }
        var row = BenchmarkRow(workload, subscriptions: subscriptions)
        if round.nanoseconds * Double(checksumEvents) <= Self.longestChecksum {
            row.checksum = Checksum(try await checksum(), expected: expectedChecksum)
        } else {
            Console.note("\(workload) at \(subscriptions) is too slow to take the checksum of \(checksumEvents) events")
        }
        row.setTiming(try await time(runs: runs, eventsARound: round.events))
        row.allocationsPerEvent = try await allocations(min(round.events, Self.eventsToCountAllocations))
        return row
    }

    private nonisolated(nonsending) func checksum() async throws -> Int {
        var cycle = EventCycle(count: events)
        let before = calls()
        for range in cycle.next(checksumEvents) { try await subject(range) }
        return calls() - before
    }

    private nonisolated(nonsending) func time(runs: Int, eventsARound: Int) async throws -> Timing {
        let clock = ContinuousClock()
        var cycle = EventCycle(count: events)
        var timing = Timing()
        for range in cycle.next(eventsARound) { try await floor(range) }
        for _ in 0..<runs {
            let ranges = cycle.next(eventsARound)
            let (callsBefore, floorCallsBefore) = (calls(), floorCalls())
            let start = clock.now
            for range in ranges { try await floor(range) }
            let middle = clock.now
            for range in ranges { try await subject(range) }
            let end = clock.now
            timing.add(subject: end - middle, floor: middle - start, events: eventsARound)
            let (made, asked) = (calls() - callsBefore, floorCalls() - floorCallsBefore)
            guard made == asked else {
                let place = "\(workload) at \(subscriptions)"
                throw BenchmarkFailure("\(place) called \(made) handlers in a round, its floor \(asked)")
            }
        }
        return timing
    }

    private nonisolated(nonsending) func allocations(_ count: Int) async throws -> Double? {
        var cycle = EventCycle(count: events)
        let ranges = cycle.next(count)
        guard let before = HeapUse.allocations else { return nil }
        for range in ranges { try await subject(range) }
        guard let after = HeapUse.allocations else { return nil }
        return Double(after - before) / Double(count)
    }
}
