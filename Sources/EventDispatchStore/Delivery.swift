import EventDispatch

/// The delivery that a handler of a durable subscription runs in.
///
/// ```swift
/// Handle("invoice") { order in try await invoices.send(order, id: Delivery.current!.id) }
/// ```
public struct Delivery: Hashable, Sendable {
    /// The delivery that the calling task runs in; nil outside of handlers of durable subscriptions.
    @TaskLocal public static var current: Delivery?

    /// The event's ID, the same in every delivery: what makes a handler's effect one that can be repeated.
    public let id: String
    /// The name of the subscription.
    public let subscription: String
    /// The event's place in its store.
    public let sequence: Int64
    /// The number of the attempt, counted from 1. It goes on where the last process stopped.
    public let attempt: Int
    /// When the event was published.
    public let published: StoreTime
    /// The trace that it was published in, as a `traceparent` of W3C; nil for none.
    public let trace: String?
    /// What delivers.
    let runner: ObjectIdentifier

    /// The delivery as observers see it.
    func observed(in store: String) -> ObservedDelivery {
        ObservedDelivery(subscription: subscription, store: store, sequence: sequence, attempt: attempt, trace: trace)
    }
}

/// An event that a subscription has given up.
public struct DeadLetter: Hashable, Sendable, CustomStringConvertible {
    /// Why an event was given up.
    ///
    /// A structure rather than an enumeration, so that later versions can add reasons.
    public struct Reason: Hashable, Sendable, CustomStringConvertible {
        /// The reason's name, as in the source.
        public let description: String

        /// Makes a reason from its name; for stores, which read it.
        public init(_ description: String) { self.description = description }

        /// The last attempt that the retry policy allows failed.
        public static let attemptsFailed = Reason("attemptsFailed")
        /// The process ended during the last attempt that the retry policy allows.
        public static let processEnded = Reason("processEnded")
        /// No block of the subscription is for events of its stored name.
        public static let unknownName = Reason("unknownName")
        /// Its type can't decode what is stored.
        public static let undecodable = Reason("undecodable")
        /// The store that it was to be forwarded to doesn't take it.
        public static let refused = Reason("refused")
    }

    /// The event, as it was stored.
    public let event: StoredEvent
    /// Why it was given up.
    public let reason: Reason
    /// The errors of the last attempt, or of decoding.
    public let errors: [String]
    /// How many attempts were made.
    public let attempts: Int
    /// When the last attempt began; nil when there was none.
    public let lastAttempt: StoreTime?
    /// When it was given up.
    public let buried: StoreTime

    /// Makes a dead letter; for stores, which read them.
    ///
    /// - Parameters:
    ///   - event: the event, as it was stored.
    ///   - reason: why it was given up.
    ///   - errors: the errors of the last attempt, or of decoding.
    ///   - attempts: how many attempts were made.
    ///   - lastAttempt: when the last attempt began; nil when there was none.
    ///   - buried: when it was given up.
    public init(
        event: StoredEvent,
        reason: Reason,
        errors: [String],
        attempts: Int,
        lastAttempt: StoreTime?,
        buried: StoreTime
    ) {
        self.event = event
        self.reason = reason
        self.errors = errors
        self.attempts = attempts
        self.lastAttempt = lastAttempt
        self.buried = buried
    }

    /// The event's place in its store, by which the letter is redelivered or discarded.
    public var sequence: Int64 { event.sequence }

    /// Name, sequence, reason, attempts and errors, on one line.
    public var description: String {
        let errors = errors.isEmpty ? "" : ": \(errors.map(escapingControlCharacters).joined(separator: "; "))"
        return "\(escapingControlCharacters(event.name)) \(sequence) \(reason) after \(attempts) attempts\(errors)"
    }
}
