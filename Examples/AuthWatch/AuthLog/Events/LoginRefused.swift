import EventDispatch

/// A user whom the configuration keeps out, whatever the password: `User bob from … not allowed because …`.
public struct LoginRefused: MatchableEvent, Equatable {
    /// When it happened, as the log writes it.
    public let time: String
    /// The name that the client gave.
    public let user: String
    /// Where the client connected from; nil when the line does not say.
    public let address: String?
    /// Why, in the server's words.
    public let reason: String

    /// Makes an event.
    public init(time: String = "", user: String, address: String? = nil, reason: String) {
        self.time = time
        self.user = user
        self.address = address
        self.reason = reason
    }

    /// What rules can match.
    public struct MatchKeys: MatchKeySet {
        /// The name that the client gave.
        public let user = Key(\.user)
        /// Where the client connected from; nil when the line does not say.
        public let address = Key(\.address)
        /// Why, in the server's words.
        public let reason = Key(\.reason)

        /// Makes the keys.
        public init() {}
    }
}
