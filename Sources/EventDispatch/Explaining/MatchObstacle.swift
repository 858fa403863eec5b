/// A reason why handlers don't match an event, and how many of them it concerns.
public struct MatchObstacle: Hashable, Sendable, CustomStringConvertible {
    /// A kind of obstacle.
    ///
    /// A structure rather than an enumeration, so that later versions can add reasons.
    public struct Reason: Hashable, Sendable, CustomStringConvertible {
        /// The reason in a few words.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// A condition of the filter does not hold.
        public static let condition = Reason("a condition failed")
        /// A limit leaves no start: it is used up, for now or for good or for this value of its key, or all that is left is in flight.
        public static let limit = Reason("a limit leaves no start")
        /// The value of a key is that of the event that the handler started for last.
        public static let duplicate = Reason("the value is the same as last time")
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

/// Counts what kept handlers from matching.
struct ObstacleTally {
    /// Whatever kept a handler from matching.
    enum Cause: Hashable {
        case condition(FailedPart)
        /// The event is not of the type that the handler takes.
        case requirement(String)
        case other(MatchObstacle.Reason)

        fileprivate var isCondition: Bool {
            if case .other = self { false } else { true }
        }
    }

    private struct Count {
        var handlers = 0
        let first: RegisteredHandler
        /// The event that the first handler would have received.
        let event: ExplainedEvent
    }

    /// The most obstacles that an explanation tells apart.
    private static let maximumListed = 20

    private var counts: [Cause: Count] = [:]
    private var handlers = 0

    /// Notes a handler; those that were registered first are noted first.
    mutating func note(_ cause: Cause, of handler: RegisteredHandler, _ event: ExplainedEvent) {
        handlers += 1
        counts[cause, default: Count(first: handler, event: event)].handlers += 1
    }

    /// Adds the obstacles that kept most handlers, most frequent first, and how many there are beside them.
    func tell(_ explanation: inout MatchExplanation) {
        let leaders = leaders
        explanation.obstacles += leaders.map { Self.obstacle($0.key, $0.value) }
        explanation.furtherObstacles = counts.count - leaders.count
        explanation.furtherHandlers = handlers - leaders.reduce(0) { $0 + $1.value.handlers }
    }

    private static func obstacle(_ cause: Cause, _ count: Count) -> MatchObstacle {
        switch cause {
        case .other(let reason):
            MatchObstacle(reason: reason, handlers: count.handlers, first: count.first.label)
        case .requirement(let requirement):
            MatchObstacle(
                reason: .condition,
                condition: printed(atMost: PrintedLength.filter) { $0.append(requirement) },
                handlers: count.handlers,
                first: count.first.label
            )
        case .condition(let part):
            MatchObstacle(
                reason: .condition,
                condition: part.printed(atMost: PrintedLength.filter),
                value: part.onlyCondition.map { count.event.values.printed(for: $0, atMost: PrintedLength.value) },
                handlers: count.handlers,
                first: count.first.label
            )
        }
    }

    /// Those that are told. What is no condition is always among them, so that all that is left out are conditions.
    private var leaders: [(key: Cause, value: Count)] {
        let others = counts.filter { !$0.key.isCondition }
        var leaders: [(key: Cause, value: Count)] = []
        for entry in counts where entry.key.isCondition {
            if leaders.count + others.count == Self.maximumListed {
                guard let last = leaders.last, Self.precedes(entry.value, last.value) else { continue }
                leaders.removeLast()
            }
            leaders.insert(entry, at: leaders.firstIndex { Self.precedes(entry.value, $0.value) } ?? leaders.endIndex)
        }
        return (leaders + others).sorted { Self.precedes($0.value, $1.value) }
    }

    private static func precedes(_ left: Count, _ right: Count) -> Bool {
        (right.handlers, left.first.order.registration) < (left.handlers, right.first.order.registration)
    }
}
