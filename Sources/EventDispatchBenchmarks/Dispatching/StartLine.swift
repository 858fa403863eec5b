import Synchronization

/// Lets threads begin at the same time, and tells how long the last of them took.
final class StartLine: Sendable {
    private let threads: Int
    private let arrived = Atomic(0)
    private let longest = Mutex(Duration.zero)

    init(threads: Int) { self.threads = threads }

    /// Waits for all threads to come here, then runs a closure on each.
    func run(_ body: () throws -> Void) rethrows {
        arrived.wrappingAdd(1, ordering: .acquiringAndReleasing)
        while arrived.load(ordering: .acquiring) < threads {}
        let clock = ContinuousClock()
        let start = clock.now
        try body()
        let duration = clock.now - start
        longest.withLock { $0 = max($0, duration) }
    }

    /// How long the closure took on the slowest thread, after all have ended.
    var duration: Duration { longest.withLock { $0 } }
}
