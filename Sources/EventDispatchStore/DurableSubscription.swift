import EventDispatch

/// A subscription with a name, whose position outlives the process.
///
/// It delivers until ``stop(deadline:)``, whether or not anybody holds it. A program that ends without that gives back everything that wasn't
/// acknowledged.
public final class DurableSubscription: Sendable {
    /// The subscription's name in its store.
    public let name: String
    let store: any EventStore
    let runner: any SubscriptionRunner

    /// By which the subscription is claimed; for tests that take it away, as the end of a process does.
    package var claim: ClaimID { runner.claimID }

    init(_ runner: any SubscriptionRunner) {
        (name, store) = (runner.name, runner.store)
        self.runner = runner
    }

    /// How far a subscription is.
    public struct Status: Sendable, CustomStringConvertible {
        /// An event that has failed and is to be tried again.
        public struct Retry: Hashable, Sendable {
            /// The event's place in the store.
            public let sequence: Int64
            /// How often it was tried, when it is tried again, and the errors of the last attempt.
            public let attempts: AttemptRecord
        }

        /// How many events haven't begun. Those that the store holds are counted by names and routing keys, not by filters.
        public let waiting: Int
        /// How many deliveries go on.
        public let inFlight: Int
        /// The events that have failed and are to be tried again, in their order.
        public let retrying: [Retry]
        /// How many dead letters there are.
        public let dead: Int
        /// The sequence up to which everything is done.
        public let position: Int64
        /// How long ago the oldest event was published that isn't done; zero when there is none.
        public let lag: Duration
        /// The last fault of the store, until a call succeeds. One that isn't transient has ended the subscription.
        public let fault: EventStoreError?
        /// Who delivers the subscription. While it's somebody else, a subscription that was opened here stands by, and takes over when
        /// that process ends.
        public let deliverer: Deliverer

        /// The same with a fault and, where they are known better, other numbers.
        func with(fault: EventStoreError?, waiting: Int? = nil, inFlight: Int? = nil) -> Self {
            Self(
                waiting: waiting ?? self.waiting,
                inFlight: inFlight ?? self.inFlight,
                retrying: retrying,
                dead: dead,
                position: position,
                lag: lag,
                fault: fault,
                deliverer: deliverer
            )
        }

        /// Everything on one line, such as `done up to 90, 7 wait, 1 run, 2 are tried again, 0 dead letters, 1.5 s behind, delivered here`.
        public var description: String {
            var parts = ["done up to \(position)", "\(waiting) wait", "\(inFlight) run"]
            if !retrying.isEmpty { parts.append("\(retrying.count) are tried again") }
            parts.append("\(dead) dead letters")
            if lag > .zero { parts.append("\(lag) behind") }
            switch deliverer {
            case .here: parts.append("delivered here")
            case .elsewhere: parts.append("delivered by another process")
            case .nobody: parts.append("delivered by nobody")
            }
            if let fault { parts.append("fault: \(fault)") }
            return parts.joined(separator: ", ")
        }
    }

    /// How far the subscription is.
    public var status: Status {
        get async throws(EventStoreError) { try await runner.status() }
    }

    /// Waits until no event waits or is delivered: every stored one is done or a dead letter, whichever process delivers. While others go on
    /// publishing, that may never be.
    ///
    /// - Throws: `CancellationError` when the calling task is cancelled, and ``EventStoreError`` when the subscription is stopped or ends, or
    ///   when one of its handlers calls this, whose event isn't done.
    public func caughtUp() async throws {
        try await runner.waitUntilCaughtUp(insideOf: ownDelivery)
    }

    /// The event of the subscription whose handler calls.
    private var ownDelivery: Int64? {
        guard let delivery = Delivery.current, delivery.runner == ObjectIdentifier(runner) else { return nil }
        return delivery.sequence
    }

    /// Begins no further delivery, lets those that run end, and gives all others back: they are delivered when the subscription is opened
    /// again.
    ///
    /// At the deadline, or when the calling task is cancelled, it cancels the deliveries that still run, and doesn't wait for their ends. They
    /// count as attempts. Called from a handler of the subscription, it doesn't wait for that handler, whose event is
    /// acknowledged when it has ended.
    ///
    /// - Parameter deadline: how long to wait, on the store's clock; without one, until all have ended.
    /// - Returns: what was given back.
    @discardableResult
    public func stop(deadline: Duration? = nil) async -> DurableStopReport {
        await runner.stop(deadline: deadline, insideOf: ownDelivery)
    }

    /// Stops the subscription, and forgets it: position, attempts and dead letters. Deliveries that run are cancelled.
    ///
    /// - Throws: ``EventStoreError``; the subscription is stopped then, and not forgotten.
    public func remove() async throws(EventStoreError) {
        await stop(deadline: .zero)
        try await store.forget(name)
    }

    /// The events that the subscription has given up, in their order.
    ///
    /// - Parameters:
    ///   - sequence: only those of later events.
    ///   - limit: how many there may be.
    /// - Throws: ``EventStoreError``.
    public func deadLetters(
        after sequence: Int64 = 0,
        limit: Int = .max
    ) async throws(EventStoreError) -> [DeadLetter] {
        try await store.deadLetters(of: name, after: sequence, limit: limit)
    }

    /// Delivers a dead letter again, with all attempts before it. It waits for no other event, and none waits for it; a subscription that
    /// is stopped delivers it when it's opened again.
    ///
    /// - Parameter sequence: the event's place in the store.
    /// - Throws: ``EventStoreError``, with the code `.noDeadLetter` when there is none.
    public func redeliver(_ sequence: Int64) async throws(EventStoreError) {
        try await store.redeliver(sequence, of: name)
        await runner.take(.returned)
    }

    /// Throws a dead letter away.
    ///
    /// - Parameter sequence: the event's place in the store.
    /// - Throws: ``EventStoreError``, with the code `.noDeadLetter` when there is none.
    public func discard(_ sequence: Int64) async throws(EventStoreError) {
        try await store.discard(sequence, of: name)
    }
}

/// What a stop of a durable subscription gave back, by the sequences of the events.
public struct DurableStopReport: Hashable, Sendable {
    /// The events that were fetched and hadn't begun, or were to be tried again. Those that weren't fetched aren't among them.
    public internal(set) var givenBack: [Int64] = []
    /// The events whose handlers were cancelled. They may have had an effect.
    public internal(set) var interrupted: [Int64] = []
    /// The events that were handled, and whose acknowledgement the store refused: they are delivered again.
    public internal(set) var unacknowledged: [Int64] = []
}
