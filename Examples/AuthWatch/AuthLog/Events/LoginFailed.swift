import EventDispatch

/// The server refused what a client logged in with: `Failed password for invalid user admin from …`.
public struct LoginFailed: SourcedEvent, Equatable {
    /// When it happened, as the log writes it.
    public let time: String
    /// The name that the client gave; it may be empty and may hold any characters.
    public let user: String
    /// Where the client connected from.
    public let address: String
    /// The client's port.
    public let port: Int
    /// How it tried.
    public let method: LoginMethod
    /// Whether the server knows the user.
    public let userExists: Bool
    /// How many attempts the line stands for: more than one in `message repeated 5 times`.
    public let attempts: Int

    /// Makes an event.
    public init(
        time: String = "",
        user: String,
        address: String,
        port: Int,
        method: LoginMethod = .password,
        userExists: Bool = true,
        attempts: Int = 1
    ) {
        self.time = time
        self.user = user
        self.address = address
        self.port = port
        self.method = method
        self.userExists = userExists
        self.attempts = attempts
    }

    /// The same failure again, so many times.
    func repeated(_ times: Int, at time: String) -> LoginFailed {
        LoginFailed(
            time: time,
            user: user,
            address: address,
            port: port,
            method: method,
            userExists: userExists,
            attempts: times
        )
    }

    /// What rules can match.
    public struct MatchKeys: MatchKeySet {
        /// The name that the client gave.
        public let user = Key(\.user)
        /// Where the client connected from.
        public let address = Key(\.address)
        /// The client's port.
        public let port = Key(\.port)
        /// How it tried.
        public let method = Key(\.method)
        /// Whether the server knows the user.
        public let userExists = Key(\.userExists)
        /// How many attempts the line stands for.
        public let attempts = Key(\.attempts)

        /// Makes the keys.
        public init() {}
    }
}
