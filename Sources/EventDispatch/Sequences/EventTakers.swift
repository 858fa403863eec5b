/// What takes events outside of handlers: a sequence, or an event that is waited for.
protocol EventTaker: AnyObject, Sendable {
    /// Unsubscribes, and lets those who wait for events know that none can come any more.
    func cancel()
}

/// Those who take a dispatcher's events outside of handlers, who would wait for ever when it has stopped.
final class EventTakers: Sendable {
    private struct Taker: Sendable {
        weak let taker: (any EventTaker)?
        /// How often the dispatcher had been started when it came.
        let starts: Int
    }

    /// Not kept: takers outlive the dispatcher. It is asked only when one is added, by the dispatcher.
    private unowned let activity: Activity
    private let takers = Locked<[ObjectIdentifier: Taker]>([:])

    init(_ activity: Activity) { self.activity = activity }

    /// Adds a taker. It is cancelled at once when the dispatcher has stopped: either the stop sees the taker, or this sees the stop.
    func add(_ taker: any EventTaker) {
        let (id, starts) = (ObjectIdentifier(taker), activity.starts)
        takers.withLock { $0[id] = Taker(taker: taker, starts: starts) }
        if activity.isStopped { taker.cancel() }
    }

    /// Forgets a taker, which may be going.
    func remove(_ taker: any EventTaker) {
        let id = ObjectIdentifier(taker)
        takers.withLock { _ = $0.removeValue(forKey: id) }
    }

    /// Cancels those that came before a stop. The dispatcher may have been started again meanwhile, and others come.
    ///
    /// To let go of one may free it, so that is done outside the lock.
    func cancel(fromBefore starts: Int) {
        for taker in takers.withLock({ $0.values.filter { $0.starts <= starts } }) { taker.taker?.cancel() }
    }
}
