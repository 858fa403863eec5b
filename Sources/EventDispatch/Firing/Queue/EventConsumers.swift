/// The subscription of a sequence, or of an event that is waited for: takes events out of handlers, to someone who waits for them.
///
/// It ends when whoever holds it lets go, and when the dispatcher has stopped.
final class ConsumerSubscription: Sendable {
    let subscription: EventSubscription
    private let consumers: EventConsumers
    private let noteEnd: @Sendable () -> Void

    /// - Parameter noteEnd: lets those who wait for events know that none can come any more.
    init(_ subscription: EventSubscription, among consumers: EventConsumers, noteEnd: @escaping @Sendable () -> Void) {
        self.subscription = subscription
        self.consumers = consumers
        self.noteEnd = noteEnd
        consumers.add(self)
    }

    deinit {
        consumers.remove(self)
        subscription.cancel()
    }

    /// Unsubscribes, and lets those who wait know. The end does not wait for fires that are under way.
    func cancel() {
        subscription.cancel()
        noteEnd()
    }
}

/// Sequences and waits of a dispatcher. They would never end after it has stopped, so the stop cancels them.
final class EventConsumers: Sendable {
    private struct Consumer: Sendable {
        weak let consumer: ConsumerSubscription?
        /// How often the dispatcher had been started when it came.
        let starts: Int
    }

    /// Not kept: consumers outlive the dispatcher. It is asked only when one is added, by the dispatcher.
    private unowned let activity: Activity
    private let consumers = Locked<[ObjectIdentifier: Consumer]>([:])

    init(_ activity: Activity) { self.activity = activity }

    /// Adds a consumer. It is cancelled at once when the dispatcher has stopped: either the stop sees the consumer, or this sees the stop.
    func add(_ consumer: ConsumerSubscription) {
        let (id, starts) = (ObjectIdentifier(consumer), activity.starts)
        consumers.withLock { $0[id] = Consumer(consumer: consumer, starts: starts) }
        if activity.isStopped { consumer.cancel() }
    }

    /// Forgets a consumer, which may be going.
    func remove(_ consumer: ConsumerSubscription) {
        let id = ObjectIdentifier(consumer)
        consumers.withLock { _ = $0.removeValue(forKey: id) }
    }

    /// Cancels those that came before a stop. The dispatcher may have been started again meanwhile, and others come.
    ///
    /// To let go of one may free it, so that is done outside the lock.
    func cancel(fromBefore starts: Int) {
        for consumer in consumers.withLock({ $0.values.filter { $0.starts <= starts } }) { consumer.consumer?.cancel() }
    }
}
