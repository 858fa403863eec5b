/// What takes events outside of handlers: a sequence, or an event that is waited for.
protocol EventTaker: AnyObject, Sendable {
    /// Unsubscribes, and lets those who wait for events know that none can come any more.
    func cancel()
}

/// Those who take a dispatcher's events outside of handlers, who would wait for ever when it has stopped.
final class EventTakers: Sendable {
    private struct Taker: Sendable {
        weak let taker: (any EventTaker)?
    }

    private let takers = Locked<[ObjectIdentifier: Taker]>([:])

    func add(_ taker: any EventTaker) {
        let id = ObjectIdentifier(taker)
        takers.withLock { $0[id] = Taker(taker: taker) }
    }

    /// Forgets a taker, which may be going.
    func remove(_ taker: any EventTaker) {
        let id = ObjectIdentifier(taker)
        takers.withLock { _ = $0.removeValue(forKey: id) }
    }

    /// Cancels all. To let go of one may free it, so that is done outside the lock.
    func cancelAll() {
        for taker in takers.withLock({ takers in takers.values.map { $0 } }) { taker.taker?.cancel() }
    }
}
