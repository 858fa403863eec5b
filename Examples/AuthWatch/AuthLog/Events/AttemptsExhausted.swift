import EventDispatch

/// A client used up its attempts: `error: maximum authentication attempts exceeded for …`.
public struct AttemptsExhausted: SourcedEvent, Equatable {
    /// When it happened, as the log writes it.
    public let time: String
    /// The name that the client gave.
    public let user: String
    /// Where the client connected from.
    public let address: String
    /// The client's port.
    public let port: Int
    /// Whether the server knows the user.
    public let userExists: Bool

    /// Makes an event.
    public init(time: String = "", user: String, address: String, port: Int, userExists: Bool = true) {
        self.time = time
        self.user = user
        self.address = address
        self.port = port
        self.userExists = userExists
    }

    /// What rules can match.
    public struct MatchKeys: MatchKeySet {
        /// The name that the client gave.
        public let user = Key(\.user)
        /// Where the client connected from.
        public let address = Key(\.address)
        /// Whether the server knows the user.
        public let userExists = Key(\.userExists)

        /// Makes the keys.
        public init() {}
    }
}
