import Synchronization

/// Admits requests, and knows when the last one in flight has ended.
final class RequestBook: Sendable {
    private let counts = Mutex(RequestCounts())
    private let drained = Latch()

    /// What has been counted so far.
    var current: RequestCounts { counts.withLock { $0 } }

    /// Lets a request in; false when it has to be refused.
    func admit() -> Bool {
        counts.withLock { counts in
            if counts.isDraining {
                counts.refused += 1
                return false
            }
            counts.inFlight += 1
            return true
        }
    }

    /// Ends a request that was let in.
    func end(answered: Bool) {
        let isLast = counts.withLock { counts in
            counts.inFlight -= 1
            if answered { counts.answered += 1 }
            return counts.isDraining && counts.inFlight == 0
        }
        if isLast { drained.open() }
    }

    /// Lets no more requests in.
    ///
    /// - Returns: how many are in flight.
    func refuseFromNowOn() -> Int {
        let inFlight = counts.withLock { counts in
            counts.isDraining = true
            return counts.inFlight
        }
        if inFlight == 0 { drained.open() }
        return inFlight
    }

    /// Waits for the end of those in flight.
    func drain() async throws { try await drained.wait() }
}
