import EventDispatch

/// A client named a user that does not exist: `Invalid user admin from …`.
public struct UnknownUserNamed: SourcedEvent, Equatable {
    /// When it happened, as the log writes it.
    public let time: String
    /// The name that the client gave.
    public let user: String
    /// Where the client connected from.
    public let address: String
    /// The client's port; nil when the line does not say.
    public let port: Int?

    /// Makes an event.
    public init(time: String = "", user: String, address: String, port: Int? = nil) {
        self.time = time
        self.user = user
        self.address = address
        self.port = port
    }

    /// What rules can match.
    public struct MatchKeys: MatchKeySet {
        /// The name that the client gave.
        public let user = Key(\.user)
        /// Where the client connected from.
        public let address = Key(\.address)

        /// Makes the keys.
        public init() {}
    }
}
