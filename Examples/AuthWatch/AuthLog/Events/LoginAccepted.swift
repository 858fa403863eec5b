import EventDispatch

/// A user logged in: `Accepted publickey for bob from …`.
public struct LoginAccepted: SourcedEvent, Equatable {
    /// When it happened, as the log writes it.
    public let time: String
    /// The name that the client gave.
    public let user: String
    /// Where the client connected from.
    public let address: String
    /// The client's port.
    public let port: Int
    /// How the user logged in.
    public let method: LoginMethod

    /// Makes an event.
    public init(time: String = "", user: String, address: String, port: Int, method: LoginMethod = .password) {
        self.time = time
        self.user = user
        self.address = address
        self.port = port
        self.method = method
    }

    /// What rules can match.
    public struct MatchKeys: MatchKeySet {
        /// The name that the client gave.
        public let user = Key(\.user)
        /// Where the client connected from.
        public let address = Key(\.address)
        /// How the user logged in.
        public let method = Key(\.method)

        /// Makes the keys.
        public init() {}
    }
}
