import EventDispatch

/// What it takes to add one more subscription, and to cancel it.
struct ChangeTiming {
    /// How many different subscriptions a caller provides.
    static let variants = 256

    private(set) var add: [Double] = []
    private(set) var remove: [Double] = []

    /// Adds some subscriptions and cancels them again, in rounds.
    ///
    /// - Parameter subscribe: adds one of as many as there are `variants`.
    init(runs: Int, subscribe: (Int) throws -> EventSubscription) rethrows {
        var count = 1
        while true {
            let round = try Self.round(count, subscribe)
            if (round.add + round.remove).nanoseconds > 5e6 || count == Self.variants { break }
            count *= 2
        }
        for _ in 0..<runs {
            let round = try Self.round(count, subscribe)
            add.append(round.add.nanoseconds / Double(count))
            remove.append(round.remove.nanoseconds / Double(count))
        }
    }

    private static func round(
        _ count: Int,
        _ subscribe: (Int) throws -> EventSubscription
    ) rethrows -> (add: Duration, remove: Duration) {
        let clock = ContinuousClock()
        var added: [EventSubscription] = []
        added.reserveCapacity(count)
        let start = clock.now
        for variant in 0..<count { added.append(try subscribe(variant)) }
        let middle = clock.now
        for subscription in added { subscription.cancel() }
        return (middle - start, clock.now - middle)
    }
}
