/// What kept handlers from matching an event, and how many.
public struct MatchObstacle: Hashable, Sendable, CustomStringConvertible {
    /// What kind of obstacle it is.
    ///
    /// A structure rather than an enumeration, so that later versions can add reasons.
    public struct Reason: Hashable, Sendable, CustomStringConvertible {
        /// What is wrong, in a few words.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// A condition of the filter does not hold.
        public static let condition = Reason("a condition failed")
        /// A limit leaves no start: it is used up, used up for this value of its key, or all that is left is in flight.
        public static let limit = Reason("a limit leaves no start")
        /// The owner of a `weak:` handler is gone.
        public static let ownerGone = Reason("the owner is gone")
        /// The subscription was cancelled, or those of its handlers that an owner has, or another took its ID.
        public static let cancelled = Reason("the subscription is cancelled")
        /// The subscription is muted.
        public static let muted = Reason("the subscription is muted")
        /// The subscription that was asked about is another dispatcher's.
        public static let otherDispatcher = Reason("the subscription is of another dispatcher")
    }

    /// The kind of obstacle.
    public let reason: Reason
    /// For a condition that failed, the condition as Swift source: of conditions that have to hold together the first that does not,
    /// closures last; of alternatives, all. A closure is `{ … }`.
    public let condition: String?
    /// The event's value, as Swift source, where the condition is on one key.
    public let value: String?
    /// How many handlers it kept.
    public let handlers: Int
    /// The handler among them that was registered first. Nil for handlers that were removed: used up, cancelled, or without owner.
    /// Of these nothing is known but their number, and they may have been for other events too.
    public let first: HandlerLabel?

    init(reason: Reason, condition: String? = nil, value: String? = nil, handlers: Int, first: HandlerLabel?) {
        self.reason = reason
        self.condition = condition
        self.value = value
        self.handlers = handlers
        self.first = first
    }

    /// The obstacle and the handlers it kept, on one line.
    public var description: String {
        guard let first else { return "\(counted(handlers, "handler")): \(cause)" }
        if handlers == 1 { return "\(first): \(cause)" }
        return "\(counted(handlers, "handler")): \(cause) (the first: \(first))"
    }

    private var cause: String {
        guard let condition else { return reason.description }
        return "`\(condition)` failed" + (value.map { ": `\($0)`" } ?? "")
    }
}
