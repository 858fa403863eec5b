/// How many events a round has: as many as take a tenth of a second, but no more than there is a use for.
enum RoundSize {
    private static let longestRound = 1e8
    private static let longestTrial = 2e7
    private static let most = 100_000

    /// Tries growing numbers of events until one takes long enough to tell.
    ///
    /// - Returns: the number of events for a round, and what an event took in nanoseconds.
    static nonisolated(nonsending) func calibrate(
        _ run: nonisolated(nonsending) (_ events: Int) async throws -> Void
    ) async rethrows -> (events: Int, nanoseconds: Double) {
        let clock = ContinuousClock()
        var events = 1
        while true {
            let start = clock.now
            try await run(events)
            let nanoseconds = (clock.now - start).nanoseconds
            if nanoseconds < longestTrial, events < most {
                events = min(events * 4, most)
                continue
            }
            let each = nanoseconds / Double(events)
            return (max(1, min(most, Int(longestRound / each))), each)
        }
    }
}
