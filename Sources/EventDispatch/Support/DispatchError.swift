/// A refusal by the dispatcher itself: of a declaration that can't be right, or a fire that its state does not allow.
///
/// What a *handler* throws arrives in a ``DispatchFailure`` instead. An error of this kind is thrown before any handler
/// runs and leaves everything as it was: a refused `subscribe` registers none of its clauses.
public struct DispatchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A kind of mistake, for code that reacts to one.
    ///
    /// A structure rather than an enumeration, so that later versions can add codes.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The code's name, as in the source.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// The dispatcher was made with `started: false` and never started.
        public static let notStarted = Code("notStarted")
        /// The dispatcher is stopped or stopping.
        public static let stopped = Code("stopped")
        /// `fireSynchronously` met a matching handler that has to be awaited.
        public static let asynchronousHandler = Code("asynchronousHandler")
        /// A limit, or the capacity of a limit per key, is below 1; or a number of events that a test expects is below 0.
        public static let invalidLimit = Code("invalidLimit")
        /// A time-out is not positive, or on a handler that is not asynchronous.
        public static let invalidTimeout = Code("invalidTimeout")
        /// A modifier has a value that can't be right, or stands on a handler that can't have it.
        public static let invalidModifier = Code("invalidModifier")
        /// A run of a handler would have to wait until a run has ended that it is inside of.
        public static let waitsForItself = Code("waitsForItself")
        /// A handler did not end within its time-out.
        public static let timedOut = Code("timedOut")
        /// Fires are nested too deep, which mostly means in a circle.
        public static let nestedTooDeep = Code("nestedTooDeep")
        /// A handler stopped a fire before the operation that the event was fired around, or before the handler that `reply(to:)` asks.
        public static let fireStopped = Code("fireStopped")
        /// `reply(to:)` met no handler that could reply.
        public static let noHandler = Code("noHandler")
        /// `reply(to:)` met several handlers that would reply.
        public static let severalHandlers = Code("severalHandlers")
        /// A subscription is to start with events that another dispatcher keeps.
        public static let otherDispatcher = Code("otherDispatcher")
        /// The queue of posted events is full, and its policy is to reject.
        public static let queueFull = Code("queueFull")
        /// The task was cancelled while it waited for room in the queue; the event is not posted.
        public static let cancelled = Code("cancelled")
        /// A value to compare with does not equal itself, as NaN does.
        public static let notANumber = Code("notANumber")
        /// A dotted-name pattern is malformed.
        public static let invalidPattern = Code("invalidPattern")
        /// A filter can't hold for any event: an empty range or set, or conditions that exclude each other.
        public static let neverMatches = Code("neverMatches")
        /// A filter's negations, conjunctions and alternatives stand too deep inside each other, or blocks do.
        public static let filterTooDeep = Code("filterTooDeep")
        /// A clause stands where it has no meaning: a phase in a phase, a handler in an `AnyOf`.
        public static let misplacedClause = Code("misplacedClause")
        /// The `==` or `hash` of a value in a filter, which a registration had to call, registers at the same dispatcher.
        public static let registeringWhileRegistering = Code("registeringWhileRegistering")
        /// A phase is missing from its type's `allCases`.
        public static let unlistedPhase = Code("unlistedPhase")
    }

    /// The kind of mistake.
    public let code: Code
    /// The mistake and the value that it is in, in a sentence. Control characters in names and values are escaped.
    public let message: String
    /// The clause or call that is refused.
    public let location: CallSite

    package init(code: Code, message: String, location: CallSite) {
        self.code = code
        self.message = escapingControlCharacters(message)
        self.location = location
    }

    /// The call site, then the message.
    public var description: String { "\(location): \(message)" }
}

extension DispatchError {
    static func registeringWhileRegistering(at location: CallSite) -> DispatchError {
        DispatchError(
            code: .registeringWhileRegistering,
            message: "an `==` or `hash` that a registration called subscribes to the same dispatcher",
            location: location
        )
    }
}
