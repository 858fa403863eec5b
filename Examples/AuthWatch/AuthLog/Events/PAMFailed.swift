import EventDispatch

/// The authentication modules counted failures; the server logs the same attempts as `LoginFailed` too.
public struct PAMFailed: MatchableEvent, Equatable {
    /// When it happened, as the log writes it.
    public let time: String
    /// The user; nil when the system does not know the name.
    public let user: String?
    /// Where the client connected from, often as a name; may be empty.
    public let host: String
    /// How many failures the line stands for.
    public let failures: Int

    /// Makes an event.
    public init(time: String = "", user: String? = nil, host: String, failures: Int = 1) {
        self.time = time
        self.user = user
        self.host = host
        self.failures = failures
    }

    /// What rules can match.
    public struct MatchKeys: MatchKeySet {
        /// The user; nil when the system does not know the name.
        public let user = Key(\.user)
        /// Where the client connected from, often as a name; may be empty.
        public let host = Key(\.host)
        /// How many failures the line stands for.
        public let failures = Key(\.failures)

        /// Makes the keys.
        public init() {}
    }
}
